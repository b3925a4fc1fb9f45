import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { createSeeder, type SeededCall } from '../helpers/seed-store.ts';
import { startApi, type RunningApi } from '../helpers/start-api.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { waitFor } from '../helpers/wait-for.ts';

const NOON = Date.UTC(2026, 4, 10, 12);
const FORMULAS = [
  '=HYPERLINK("http://evil.example","click")',
  "+1+cmd|'/C calc'!A0",
  '-2+3',
  '@SUM(A1)',
  '\t=1+1',
  '\r=1+1',
  '＝1+1',
];

const texts = [...FORMULAS, 'a, "b"\r\nc;d', 'perché — 雨 🌧', ''];
const calls: SeededCall[] = Array.from({ length: 1234 }, (_, n) => ({
  id: `request-${String(n).padStart(5, '0')}`,
  app: n % 3 === 0 ? 'shop' : 'bot',
  startedAtMs: NOON,
  endedAtMs: NOON + Math.floor(n / 3),
  outcome: n % 4 === 0 ? 'error' : 'completed',
  promptPreview: texts[n % texts.length]!,
  sessionId: n % 100 === 0 ? '=1+1' : 'session-1',
  tags: ['a', 'b'],
}));

let redis: RedisServer;
let api: RunningApi;
beforeAll(async () => {
  redis = await startRedis();
  api = await startApi({ redisUrl: redis.url, shards: 2, now: () => NOON });
  await createSeeder(api.redis, api.keys).ended(...calls);
});
afterAll(async () => {
  await api.close();
  await redis.stop();
});

const ask = (path: string) => fetch(`${api.url}${path}`);

/** The same, page by page. */
async function history(query: string): Promise<EndedRequest[]> {
  const found: EndedRequest[] = [];
  let next: string | undefined = `/api/requests?limit=500&${query}`;
  while (next) {
    const { body, headers } = await api.get(next);
    found.push(...(body as EndedRequest[]));
    next = /^<([^>]+)>/.exec(headers.get('link') ?? '')?.[1];
  }
  return found;
}

describe.each(['', 'app=shop&status=failed', 'q=no+such+text'])('exported with "%s"', (query) => {
  test('JSON is the whole history, in its order', async () => {
    const answer = await ask(`/api/export.json?${query}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename="llm-monitor-2026-05-10.json"',
    );
    expect(await answer.json()).toEqual(await history(query));
  });

  test('NDJSON is the same, a line each', async () => {
    const text = await (await ask(`/api/export.ndjson?${query}`)).text();
    const lines = text.split('\n').slice(0, -1);
    expect(lines.map((line) => JSON.parse(line))).toEqual(await history(query));
  });

  test('CSV has a row for each call, and a name for each column', async () => {
    const answer = await ask(`/api/export.csv?${query}`);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const text = await answer.text();
    const rows = parse(text, { columns: true }) as Record<string, string>[];
    const expected = await history(query);
    expect(rows.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    for (const [i, row] of rows.entries()) {
      const call = expected[i]!;
      expect(row).toMatchObject({
        ...{ app: call.app, model: call.model, status: call.status, tags: 'a b', demo: 'false' },
        ...{ duration: String(call.duration), ended_at: call.ended_at, host: '' },
        error_type: call.error?.type ?? '',
      });
    }
    expect(text.startsWith('id,started_at,ended_at,app,model,')).toBe(true);
    expect(text.endsWith('\r\n')).toBe(true);
  });
});

test('no cell of a CSV file begins as a formula does, and other texts are as they were', async () => {
  const text = await (await ask('/api/export.csv')).text();
  const rows = parse(text, { columns: true }) as Record<string, string>[];
  const prompts = new Map(rows.map(({ id, prompt }) => [id, prompt]));
  for (const call of calls) {
    const given = call.promptPreview ?? '';
    const isFormula = FORMULAS.includes(given);
    expect(prompts.get(call.id)).toBe(isFormula ? `'${given}` : given);
  }
  for (const cell of rows.flatMap((row) => Object.values(row))) {
    expect(cell).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
  }
});

test.each([
  ['/api/export.csv?status=odd', 400],
  ['/api/export.csv?limit=5', 400],
  ['/api/export.json?from=2026-05-11&to=2026-05-10', 400],
  ['/api/export.xlsx', 404],
])('%s is answered with %i', async (path, status) => {
  const answer = await ask(path);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
});

test('a question for the head alone walks no history', async () => {
  const answer = await fetch(`${api.url}/api/export.csv`, { method: 'HEAD' });
  expect(answer.status).toBe(405);
});

describe('of a long history', () => {
  let server: RedisServer;
  let long: RunningApi;
  beforeAll(async () => {
    server = await startRedis();
    long = await startApi({ redisUrl: server.url, shards: 1 });
    const seeder = createSeeder(long.redis, long.keys);
    const promptPreview = 'x'.repeat(200);
    for (let from = 0; from < 30_000; from += 1000) {
      const some = Array.from({ length: 1000 }, (_, n) => ({
        ...{ id: `long-${from + n}`, startedAtMs: NOON, endedAtMs: NOON + from + n },
        promptPreview,
      }));
      await seeder.ended(...some);
    }
    return async () => {
      await long.close();
      await server.stop();
    };
  });

  const open = async () => {
    const controller = new AbortController();
    onTestFinished(() => controller.abort());
    const answer = await fetch(`${long.url}/api/export.json`, { signal: controller.signal });
    return { answer, leave: () => controller.abort() };
  };

  test('a few are written at once, one more is told to wait, and who leaves makes room', async () => {
    const running = await Promise.all(Array.from({ length: 4 }, open));
    expect(running.map(({ answer }) => answer.status)).toEqual([200, 200, 200, 200]);
    const refused = (await open()).answer;
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await refused.json()).toMatchObject({ title: 'Too many exports' });
    // Those who look are answered meanwhile.
    expect((await long.get('/api/status')).status).toBe(200);
    for (const { leave } of running) leave();
    await waitFor('room for another', async () => {
      const { answer, leave } = await open();
      leave();
      return answer.status === 200;
    });
  });

  test('who takes nothing for long is cut off, and keeps nobody out', async () => {
    const hasty = await startApi({ redisUrl: server.url, shards: 1, exportIdleMs: 2000 });
    onTestFinished(() => hasty.close());
    const stalled = await Promise.all(
      Array.from({ length: 4 }, () => fetch(`${hasty.url}/api/export.json`)),
    );
    expect((await fetch(`${hasty.url}/api/export.csv`)).status).toBe(503);
    await waitFor('room for another', async () => {
      const answer = await fetch(`${hasty.url}/api/export.csv?app=nobody`);
      await answer.body?.cancel();
      return answer.status === 200;
    });
    await expect(stalled[0]!.text()).rejects.toThrow(/terminated/);
  });

  test('the end of a file that Redis could not give is not taken for its end', async () => {
    const { answer } = await open();
    const reader = answer.body!.getReader();
    await reader.read();
    long.redis.disconnect();
    const readOn = async () => {
      for (;;) if ((await reader.read()).done) return;
    };
    await expect(readOn()).rejects.toThrow(/terminated/);
  });
});
