import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { describe, expect, test } from 'vitest';

import { widthOf } from '../terminal/fit.ts';
import { createStyle } from '../terminal/terminal.ts';
import { formatCall } from './call-sheet.ts';
import { formatCalls } from './calls-table.ts';
import { firstRecords } from './first-records.ts';
import { exportParameters, historyParameters } from './history-path.ts';

const style = createStyle(false);
const call = {
  id: 'abcdefgh-1',
  app: 'generator',
  model: 'llama3.2:3b',
  status: 'failed',
  outcome: 'timeout',
  prompt:
    '日本語の質問 \u001b[31mwith\u001b[0m colours, and far more words than fit into a line of a terminal',
  duration: 2.314,
  time_to_first_token: null,
  tokens_input: 12,
  tokens_generated: 42,
  tokens_source: 'estimate',
  tokens_per_second: 18.16,
  started_at: '2026-05-01T10:00:00Z',
  ended_at: '2026-05-01T10:00:02Z',
  tags: ['a', 'b'],
  phases: { queue: 0, load: 1, prompt: 0.5, generation: 0.8 },
  error: { type: 'TimeoutError', message: 'no answer\u0007' },
} as unknown as EndedRequest;

describe('calls as a table', () => {
  test('fill the width of the terminal with the prompt, and never pass it', () => {
    for (const columns of [125, 140, 200]) {
      const lines = formatCalls([call, { ...call, prompt: null }], { style, columns }).split('\n');
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      expect(lines[1]).toContain('日本語の質問'.slice(0, 3));
    }
  });

  test('leave the prompt out where there is no room, and estimates are marked', () => {
    const table = formatCalls([call], { style, columns: 80 });
    expect(table).not.toContain('prompt');
    expect(table).toMatch(/failed +generator +llama3\.2:3b +2\.31 s +– +≈42 +18\.2 +abcdefgh-1$/);
  });
});

test('one call is told with all that is known of it, and nothing that steers the terminal', () => {
  const sheet = formatCall(call, style);
  expect(sheet).toMatch(/^status +failed \(timeout\)$/m);
  expect(sheet).toMatch(/^error +TimeoutError no answer$/m);
  expect(sheet).toMatch(/^phases +queue 0\.00 s, load 1\.00 s/m);
  expect(sheet).toMatch(/^tokens +12 in, ≈42 out, ≈18\.2\/s$/m);
  expect(sheet).not.toMatch(/^(host|session|demo)/m);
  // eslint-disable-next-line no-control-regex
  expect(sheet).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});

test('a choice of calls is asked for in the words of the API', () => {
  const nowMs = Date.UTC(2026, 4, 1, 12);
  expect(
    Object.fromEntries(
      historyParameters(
        { range: 3_600_000, status: ['failed', 'timeout'], search: 'a&b', demo: true },
        nowMs,
      ),
    ),
  ).toEqual({ from: '2026-05-01T11:00:00.000Z', status: 'failed,timeout', q: 'a&b', demo: 'only' });
  expect(historyParameters({}, nowMs).toString()).toBe('');
  const over = { metrics: ['p95', 'failed'], step: 3600, resolution: 'hour' as const };
  expect(exportParameters(over, nowMs).toString()).toBe(
    'metrics=p95%2Cfailed&step=3600&resolution=hour',
  );
});

describe('the first records of a CSV file', () => {
  const read = async (text: string, size: number, limit: number) => {
    const pieces = async function* () {
      for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
    };
    let result = '';
    for await (const piece of firstRecords(pieces(), limit)) result += piece;
    return result;
  };

  test('are whole, wherever the pieces are cut and whatever stands between quotes', async () => {
    const file = 'id,prompt\r\n1,"a ""b""\r\nc"\r\n2,"\n"\r\n3,d\r\n';
    for (const size of [1, 2, 3, 7, 100]) {
      expect(await read(file, size, 1)).toBe('id,prompt\r\n1,"a ""b""\r\nc"\r\n');
      expect(await read(file, size, 2)).toBe('id,prompt\r\n1,"a ""b""\r\nc"\r\n2,"\n"\r\n');
      expect(await read(file, size, 9)).toBe(file);
    }
  });
});
