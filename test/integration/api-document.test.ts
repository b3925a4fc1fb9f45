import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { aBot } from '../helpers/a-bot.ts';
import { createSeeder } from '../helpers/seed-store.ts';
import { startApi, type RunningApi } from '../helpers/start-api.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
}

let redis: RedisServer;
let nats: NatsServer;
let api: RunningApi;
let document: Document;

beforeAll(async () => {
  [redis, nats] = await Promise.all([startRedis(), startNats()]);
  api = await startApi({ redisUrl: redis.url, natsUrl: nats.url, shards: 1 });
  const seeder = createSeeder(api.redis, api.keys);
  const startedAtMs = Date.now() - 5000;
  await seeder.running({ id: 'running-1', startedAtMs });
  await seeder.ended(
    { id: 'completed-1', startedAtMs, usage: { outputTokens: 3, source: 'estimate' } },
    { id: 'timed-out-1', startedAtMs, outcome: 'timeout' },
  );
  const bot = JSON.stringify({ seenAtMs: Date.now(), sample: aBot('alpha', { apps: ['shop'] }) });
  await api.redis.hset(api.keys.global.bots, 'alpha', bot);
  document = (await api.get('/openapi.json')).body as Document;
});
afterAll(async () => {
  await api.close();
  await Promise.all([redis.stop(), nats.stop()]);
});

/** What the answer of an operation is not that the document says of it; undefined where it says nothing of such an answer. */
function problemsOf(path: string, answer: { status: number; body: unknown; type: string }) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, 'document');
  const { responses } = document.paths[path]?.['get'] ?? { responses: {} };
  const status = [String(answer.status), `${String(answer.status)[0]}XX`].find(
    (one) => responses[one],
  );
  if (!status || !responses[status]?.content?.[answer.type]) return undefined;
  const pointer = ['paths', path, 'get', 'responses', status, 'content', answer.type, 'schema'];
  const parts = pointer.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'));
  const fits = ajv.compile({ $ref: `document#/${parts.join('/')}` });
  return fits(answer.body) ? [] : fits.errors;
}

const PARTS: Record<string, string> = {
  '{id}': 'completed-1',
  '{name}': 'alpha',
  '{sequence}': '1',
};

test('every answer to a GET is what the document says of it', async () => {
  const paths = Object.keys(document.paths).filter(
    // Streams have no end.
    (path) => document.paths[path]?.['get'] && path !== '/api/events',
  );
  expect(paths.length).toBeGreaterThan(25);
  for (const path of paths) {
    const asked = path.replace(/\{\w+\}/, (part) => PARTS[part] ?? part);
    const query = path === '/api/series' ? '?metric=p95' : '';
    for (const url of [asked + query, `${asked}?unknown=1`]) {
      const { status, headers, body } = await api.get(url);
      const type = (headers.get('content-type') ?? '').split(';')[0] ?? '';
      expect(problemsOf(path, { status, body, type }), `${url}: ${status} ${type}`).toEqual([]);
    }
  }
});

test('every operation says what it answers while a server is away', () => {
  const silent = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { responses }]) => !responses['503'])
      .map(([method]) => `${method} ${path}`),
  );
  expect(silent).toEqual([]);
});
