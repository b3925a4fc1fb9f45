import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { readHistory } from '@llm-monitor/read-model';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { createSeeder, type SeededCall } from '../helpers/seed-store.ts';
import { startApi, type RunningApi } from '../helpers/start-api.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 4, 10, 12);

let redis: RedisServer;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

const id = (n: number) => `request-${String(n).padStart(5, '0')}`;

/** 360 calls of 5 hours; 130 of them end in one and the same millisecond. */
const calls: SeededCall[] = Array.from({ length: 360 }, (_, n) => ({
  id: id((n * 7919) % 360),
  app: n % 3 === 0 ? 'shop' : 'bot',
  model: n % 2 === 0 ? 'llama3.2:3b' : 'phi3',
  startedAtMs: NOON,
  endedAtMs: n < 130 ? NOON : NOON - Math.floor((n * 5 * HOUR_MS) / 360),
  outcome: (['completed', 'error', 'timeout', 'abandoned'] as const)[n % 4] ?? 'completed',
  ...(n % 40 === 0 ? { sessionId: `session-${n % 80}`, userId: 'ada' } : {}),
  promptPreview: n % 10 === 0 ? `Tell me about Bees number ${n}` : 'Hello',
}));

const newestFirst = (a: SeededCall, b: SeededCall) =>
  (b.endedAtMs ?? 0) - (a.endedAtMs ?? 0) || (a.id < b.id ? 1 : -1);
const expectedIds = (of: readonly SeededCall[]) => of.toSorted(newestFirst).map((call) => call.id);

function nextOf(headers: Headers): string | undefined {
  return /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
}

async function walk(api: RunningApi, path: string): Promise<EndedRequest[][]> {
  const pages: EndedRequest[][] = [];
  for (let next: string | undefined = path; next;) {
    const { status, body, headers } = await api.get(next);
    expect(status, JSON.stringify(body)).toBe(200);
    pages.push(body as EndedRequest[]);
    next = nextOf(headers);
  }
  return pages;
}

const idsOf = (pages: EndedRequest[][]) => pages.flat().map((call) => call.id);

describe.each([1, 3])('the history over %i shards', (shards) => {
  let api: RunningApi;
  let seeder: ReturnType<typeof createSeeder>;

  beforeAll(async () => {
    api = await startApi({ redisUrl: redis.url, shards });
    seeder = createSeeder(api.redis, api.keys);
    await reseed();
  });
  const reseed = async () => {
    await api.redis.flushall();
    await seeder.ended(...calls);
  };
  afterAll(() => api.close());

  test.each([1, 7, 50, 360, 500])(
    'walked by pages of %i shows every call once, in order',
    async (limit) => {
      const pages = await walk(api, `/api/requests?limit=${limit}`);
      expect(idsOf(pages)).toEqual(expectedIds(calls));
      expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
      expect(pages.length).toBe(Math.ceil(calls.length / limit));
    },
  );

  test('shows fifty calls by default, the newest', async () => {
    const { body } = await api.get('/api/requests');
    expect(idsOf([body as EndedRequest[]])).toEqual(expectedIds(calls).slice(0, 50));
  });

  test.each<[string, (call: SeededCall) => boolean]>([
    ['model=phi3', (call) => call.model === 'phi3'],
    ['app=shop', (call) => call.app === 'shop'],
    ['session=session-40', (call) => call.sessionId === 'session-40'],
    ['user=ada&session=session-0', (call) => call.sessionId === 'session-0'],
    ['user=ada', (call) => call.userId === 'ada'],
    ['status=timeout', (call) => call.outcome === 'timeout'],
    ['status=failed,cancelled', (call) => ['error', 'abandoned'].includes(call.outcome ?? '')],
    ['q=about%20bees', (call) => (call.promptPreview ?? '').includes('Bees')],
    [
      'q=about%20bees&app=bot&model=llama3.2%3A3b',
      (call) =>
        (call.promptPreview ?? '').includes('Bees') && call.app === 'bot' && call.model !== 'phi3',
    ],
    [`from=${new Date(NOON).toISOString()}`, (call) => call.endedAtMs === NOON],
    [`to=${new Date(NOON).toISOString()}`, (call) => (call.endedAtMs ?? 0) < NOON],
    [
      `from=2026-05-10T09:00:00Z&to=2026-05-10T11:00:00%2B00:00`,
      ({ endedAtMs = 0 }) => endedAtMs >= NOON - 3 * HOUR_MS && endedAtMs < NOON - HOUR_MS,
    ],
    ['model=nobody', () => false],
  ])('filtered by %s shows exactly what matches, on every page', async (query, matches) => {
    const expected = expectedIds(calls.filter(matches));
    expect(idsOf(await walk(api, `/api/requests?limit=9&${query}`))).toEqual(expected);
  });

  test('gives a short page and a cursor when the budget is spent, and loses nothing by it', async () => {
    const store = { redis: api.redis, keys: api.keys };
    const found: string[] = [];
    let after;
    let pages = 0;
    do {
      const page = await readHistory(store, {
        limit: 50,
        filter: { demo: false, q: 'bees' },
        budgetMs: 0,
        ...(after ? { after } : {}),
      });
      found.push(...page.items.map((call) => call.id));
      after = page.next ?? undefined;
      pages++;
    } while (after);
    expect(found).toEqual(expectedIds(calls.filter((call) => call.promptPreview !== 'Hello')));
    expect(pages).toBeGreaterThan(2);
  });

  test('the next page keeps the filters and names no machine', async () => {
    const { headers } = await api.get('/api/requests?limit=2&app=shop&status=completed,failed');
    const next = nextOf(headers) ?? '';
    expect(next).toMatch(/^\/api\/requests\?/);
    const parameters = new URLSearchParams(next.split('?')[1]);
    expect(Object.fromEntries(parameters)).toMatchObject({
      limit: '2',
      app: 'shop',
      status: 'completed,failed',
    });
  });

  describe('that changes', () => {
    afterEach(reseed);

    test('neither loses nor repeats a call when others end between pages', async () => {
      const first = await api.get('/api/requests?limit=40');
      await seeder.ended(
        ...Array.from({ length: 60 }, (_, n) => ({
          id: id(1000 + n),
          startedAtMs: NOON,
          endedAtMs: NOON + n,
        })),
      );
      const rest = await walk(api, nextOf(first.headers) ?? '');
      expect(idsOf([first.body as EndedRequest[], ...rest])).toEqual(expectedIds(calls));
    });

    test('goes on where it was when older calls are shed between pages', async () => {
      const first = await api.get('/api/requests?limit=100');
      const shown = idsOf([first.body as EndedRequest[]]);
      for (let shard = 0; shard < shards; shard++) {
        const key = api.keys.shard(shard).history(NOON / HOUR_MS);
        for (const call of calls) {
          if (shown.includes(call.id)) await api.redis.zrem(key, `${call.id}:${call.app}`);
        }
      }
      const rest = await walk(api, nextOf(first.headers) ?? '');
      expect([...shown, ...idsOf(rest)]).toEqual(expectedIds(calls));
    });

    test('leaves demo traffic out, adds it, or shows it alone', async () => {
      await seeder.ended({ id: 'demo-call', startedAtMs: NOON, endedAtMs: NOON + 5, demo: true });
      const idsFor = async (query: string) =>
        idsOf([(await api.get(`/api/requests?limit=500&${query}`)).body as EndedRequest[]]);
      expect(await idsFor('')).not.toContain('demo-call');
      expect(await idsFor('demo=true')).toHaveLength(calls.length + 1);
      expect(await idsFor('demo=only')).toEqual(['demo-call']);
    });

    test('skips calls whose details are gone, and still comes to the end', async () => {
      const gone = calls.slice(0, 100);
      await api.redis.del(
        ...gone.flatMap((call) =>
          Array.from({ length: shards }, (_, i) =>
            api.keys.shard(i).request(call.app ?? '', call.id),
          ),
        ),
      );
      expect(idsOf(await walk(api, '/api/requests?limit=30'))).toEqual(
        expectedIds(calls.slice(100)),
      );
    });
  });
});
