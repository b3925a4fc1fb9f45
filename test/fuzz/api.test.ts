import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createSeeder } from '../helpers/seed-store.ts';
import { startApi, type RunningApi } from '../helpers/start-api.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { fuzzRuns } from './fuzz-runs.ts';

const NOW_MS = Date.parse('2026-05-01T12:00:00Z');

interface Parameter {
  name: string;
  in: string;
}
interface Operation {
  method: string;
  path: string;
  query: string[];
}

let redis: RedisServer;
let api: RunningApi;
let operations: Operation[];

beforeAll(async () => {
  redis = await startRedis();
  api = await startApi({ redisUrl: redis.url, shards: 2, now: () => NOW_MS });
  const seeder = createSeeder(api.redis, api.keys);
  await seeder.ended(
    ...Array.from({ length: 50 }, (_, i) => ({
      id: `fuzzed-call-${i}`,
      startedAtMs: NOW_MS - i * 60_000,
      app: i % 2 ? 'shop' : 'a%b',
    })),
  );
  await seeder.running({ id: 'running-call', startedAtMs: NOW_MS - 5000 });
  operations = await readOperations();
});
afterAll(async () => {
  await api.close();
  await redis.stop();
});

/** Everything that can be asked, by the API's own description: a new route or parameter is tried as soon as it is there. */
async function readOperations(): Promise<Operation[]> {
  const { body } = await api.get('/openapi.json');
  const { paths } = body as {
    paths: Record<string, Record<string, { parameters?: Parameter[] }>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]) => ({
      ...{ method: method.toUpperCase(), path },
      query: parameters.filter((one) => one.in === 'query').map(({ name }) => name),
    })),
  );
}

/** What people, scripts and attackers put where a value belongs. */
const someText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer().map(String),
  fc.double().map(String),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.tuple(fc.nat(), fc.constantFrom('m', 'h', 'd', 's', 'y')).map(([n, unit]) => `${n}${unit}`),
  fc.base64String({ maxLength: 60 }),
  fc.constantFrom(
    ...[
      '',
      '0',
      '-1',
      '1e9',
      'null',
      'true',
      'NaN',
      '__proto__',
      'constructor',
      '../../etc/passwd',
    ],
    ...[
      '%00',
      '\u0000',
      '*',
      '{s0}:totals',
      "'; DROP TABLE",
      '<script>',
      '\r\nX: y',
      '9'.repeat(400),
    ],
    ...['shop', 'a%b', 'completed', 'response_time', 'fuzzed-call-1', '2026-02-30', '2026-05-01'],
  ),
);

const someQuestion = fc.nat().chain((place) => {
  const { query } = operationAt(place);
  const name = query.length > 0 ? fc.constantFrom(...query) : fc.string();
  return fc.record({
    place: fc.constant(place),
    segment: someText,
    query: fc.array(fc.tuple(fc.oneof({ weight: 9, arbitrary: name }, fc.string()), someText), {
      maxLength: 4,
    }),
  });
});

const operationAt = (place: number): Operation => operations[place % operations.length]!;

function addressOf({ path }: Operation, segment: string, query: [string, string][]): string {
  // Whoever asks takes `.` and `..` out of an address, which leads to another path then.
  const isNone = /^\.{0,2}$/.test(segment);
  const filled = path.replace(/\{[^}]+\}/g, isNone ? 'x' : encodeURIComponent(segment));
  return query.length === 0 ? filled : `${filled}?${new URLSearchParams(query).toString()}`;
}

test('every question is answered as described or refused with a reason, whatever its parameters are', async () => {
  expect(operations.length).toBeGreaterThan(10);
  await fc.assert(
    fc.asyncProperty(someQuestion, async ({ place, segment, query }) => {
      const operation = operationAt(place);
      const well = query.map(([name, text]): [string, string] => [
        name.toWellFormed(),
        text.toWellFormed(),
      ]);
      const address = addressOf(operation, segment.toWellFormed(), well);
      const { status, headers, body } = await api.get(address, { method: operation.method });
      // NATS is away here: what needs it says so.
      expect([200, 204, 400, 404, 409, 414, 431, 503], address).toContain(status);
      if (status < 400) return;
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect((body as { detail: string }).detail).not.toBe('');
    }),
    fuzzRuns(1500),
  );
});

test('a body of any JSON is taken or refused with a reason', async () => {
  const writing = operations.filter(({ method }) => method === 'POST');
  expect(writing.length).toBeGreaterThan(0);
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.json({ maxDepth: 4 }), async (place, json) => {
      const operation = writing[place % writing.length]!;
      const { status } = await api.get(addressOf(operation, 'running-call', []), {
        method: operation.method,
        headers: { 'content-type': 'application/json' },
        body: json,
      });
      expect([200, 204, 400, 404, 409, 415, 503, 504], json).toContain(status);
    }),
    fuzzRuns(300),
  );
});
