import { describe, expect, test } from 'vitest';

import type { RequestRecord } from '../redis/request-record.ts';
import { isEnded, toActiveRequest, toEndedRequest } from './from-record.ts';

const START = Date.UTC(2026, 4, 1, 10);

const running: RequestRecord = {
  bits: 1,
  id: 'request-1',
  app: 'shop',
  model: 'llama3.2:3b',
  startedAtMs: START,
  promptPreview: 'Why is the sky blue?',
};

const ended: RequestRecord = {
  ...running,
  bits: 5,
  endedAtMs: START + 4000,
  durationMs: 4000,
  ttftMs: 1000,
  outcome: 'completed',
  usage: { inputTokens: 10, outputTokens: 60, source: 'server' },
};

describe('a running call', () => {
  test('shows its elapsed seconds, and null for what nobody said', () => {
    const shown = toActiveRequest(running, undefined, START + 2500);
    expect(shown).toMatchObject({
      status: 'running',
      phase: 'waiting',
      started_at: '2026-05-01T10:00:00.000Z',
      duration: 2.5,
      tokens_generated: 0,
      tokens_per_second: null,
      host: null,
      demo: false,
    });
  });

  test('takes phase, tokens and rate from its last progress', () => {
    const progress = {
      atMs: START,
      phase: 'loading',
      chunks: 7,
      chars: 30,
      tokensPerSecond: 12.345,
    };
    expect(toActiveRequest(running, progress, START)).toMatchObject({
      phase: 'loading',
      tokens_generated: 7,
      tokens_per_second: 12.35,
    });
  });

  test('keeps generating though an older progress still says waiting', () => {
    const progress = { atMs: START, phase: 'waiting', chunks: 0, chars: 0 };
    expect(toActiveRequest({ ...running, bits: 3 }, progress, START).phase).toBe('generating');
  });

  test('says when its last token came: by its progress, else by its first token', () => {
    const generating = { ...running, bits: 3, ttftMs: 1500 };
    const at = (seconds: number) => new Date(START + seconds * 1000).toISOString();
    const lastToken = (record: RequestRecord, phase?: string) => {
      const progress =
        phase === undefined ? undefined : { phase, atMs: START + 4000, chunks: 9, chars: 30 };
      return toActiveRequest(record, progress, START + 20_000).last_token_at;
    };
    expect(lastToken(generating, 'generating')).toBe(at(4));
    expect(lastToken(generating)).toBe(at(1.5));
    expect(lastToken(generating, 'waiting')).toBe(at(1.5));
    expect(lastToken(running, 'loading')).toBeNull();
    expect(lastToken(running)).toBeNull();
  });

  test('is never shown with a negative duration', () => {
    expect(toActiveRequest(running, undefined, START - 5000).duration).toBe(0);
  });
});

describe('an ended call', () => {
  test('has the rate of generation from the time after the first token', () => {
    expect(toEndedRequest(ended).tokens_per_second).toBe(20);
  });

  test("has the rate of generation from the server's own time where it is known", () => {
    expect(toEndedRequest({ ...ended, ollama: { evalDurationNs: 2e9 } }).tokens_per_second).toBe(
      30,
    );
  });

  test('has no rate where the time of generation is unknown or nothing', () => {
    const { ttftMs: _, ...withoutFirstToken } = ended;
    expect(toEndedRequest(withoutFirstToken).tokens_per_second).toBeNull();
    expect(toEndedRequest({ ...ended, ttftMs: 4000 }).tokens_per_second).toBeNull();
  });

  test('counts the rest of the total as the queue, and never less than nothing', () => {
    const ollama = { loadDurationNs: 1e9, promptEvalDurationNs: 5e8, evalDurationNs: 2e9 };
    expect(
      toEndedRequest({ ...ended, ollama: { ...ollama, totalDurationNs: 4e9 } }).phases,
    ).toEqual({
      queue: 0.5,
      load: 1,
      prompt: 0.5,
      generation: 2,
    });
    const late = toEndedRequest({ ...ended, ollama: { ...ollama, totalDurationNs: 3e9 } });
    expect(late.phases?.queue).toBe(0);
    expect(toEndedRequest(ended).phases).toBeNull();
  });

  test('estimates tokens from the chunks of a stream, not of a single answer', () => {
    const { usage: _, ...uncounted } = ended;
    expect(toEndedRequest({ ...uncounted, chunks: 9 })).toMatchObject({
      tokens_generated: 9,
      tokens_source: 'estimate',
    });
    expect(toEndedRequest({ ...uncounted, chunks: 1, stream: false })).toMatchObject({
      tokens_generated: null,
      tokens_source: 'none',
    });
  });

  test('is complete though only its end arrived', () => {
    const { startedAtMs: _, ...onlyEnd } = ended;
    expect(toEndedRequest(onlyEnd).started_at).toBe('2026-05-01T10:00:00.000Z');
  });

  test('shows at most 200 characters of a captured text', () => {
    const shown = toEndedRequest({ ...ended, response: 'x'.repeat(500) });
    expect(shown.response).toBe(`${'x'.repeat(200)}…`);
  });

  test.each([
    ['orphaned', 'failed'],
    ['abandoned', 'cancelled'],
    ['timeout', 'timeout'],
  ] as const)('with outcome %s has status %s', (outcome, status) => {
    expect(toEndedRequest({ ...ended, outcome })).toMatchObject({ outcome, status });
  });
});

test('an orphan counts as ended, a first token does not', () => {
  expect(isEnded({ ...running, bits: 9 })).toBe(true);
  expect(isEnded({ ...running, bits: 3 })).toBe(false);
});
