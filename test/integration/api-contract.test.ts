import { Validator } from '@seriousme/openapi-schema-validator';
import {
  ActiveRequest,
  AnyRequest,
  AppStats,
  Bot,
  BotDetails,
  EndedRequest,
  Facets,
  Health,
  Host,
  ModelStats,
  Problem,
  Readiness,
  Series,
  Stats,
  Status,
  Trends,
} from '@llm-monitor/contracts/rest';
import { METRICS } from '@llm-monitor/contracts/stats';
import { Type, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { aBot } from '../helpers/a-bot.ts';
import { API_OPERATIONS } from '../helpers/api-operations.ts';
import { createSeeder } from '../helpers/seed-store.ts';
import { startApi, type Answer, type RunningApi } from '../helpers/start-api.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';

let redis: RedisServer;
let api: RunningApi;

beforeAll(async () => {
  redis = await startRedis();
  api = await startApi({ redisUrl: redis.url, shards: 1 });
  const seeder = createSeeder(api.redis, api.keys);
  // Nothing optional is missing from them.
  const looping = {
    kind: 'looping',
    since: '2026-05-01T10:00:00Z',
    reason: { period: 9, times: 9 },
  };
  const found = JSON.stringify({ model: 'm', verdicts: [looping] });
  const { verdicts, endedVerdicts, costs } = api.keys.global;
  await api.redis.hset(verdicts, 'running-1:shop', found);
  await api.redis.hset(endedVerdicts, 'completed-1:shop', found);
  const price = { model: '*', input_per_million: 1, output_per_million: 1 };
  const prices = { currency: 'EUR', price_per_kwh: null, cloud_prices: [price] };
  await api.redis.set(costs, JSON.stringify(prices));
  const startedAtMs = Date.now() - 5000;
  await seeder.running({ id: 'running-1', startedAtMs, tags: ['nightly'], ttftMs: 20 });
  await seeder.ended(
    {
      ...{ id: 'completed-1', startedAtMs, durationMs: 3000, ttftMs: 250.5, chunks: 30 },
      ...{ host: 'here', instance: 'one', provider: 'ollama', operation: 'chat', stream: true },
      usage: { inputTokens: 12, outputTokens: 30, source: 'server' },
      parameters: { temperature: 0.2, numCtx: 4096 },
      ollama: {
        totalDurationNs: 3e9,
        loadDurationNs: 1e9,
        promptEvalDurationNs: 2e8,
        evalDurationNs: 1.5e9,
      },
      promptPreview: '<script>alert(1)</script>',
      promptChars: 25,
      responsePreview: 'Because of Rayleigh scattering.',
      finishReason: 'stop',
    },
    {
      ...{ id: 'timed-out-1', startedAtMs, outcome: 'timeout' },
      error: { type: 'TimeoutError', message: 'no answer in 1800 s' },
    },
  );
  await api.redis.hset(
    api.keys.global.hosts,
    'here',
    JSON.stringify({
      ...{ seenAtMs: Date.now(), skewMs: 3 },
      sample: {
        ...{ host: 'here', cpuPercent: null, cpuCount: 4, memoryUsedBytes: 1, memoryTotalBytes: 2 },
        ...{ uptimeSeconds: null, server: null },
      },
    }),
  );
  await api.redis.hset(
    api.keys.global.bots,
    'alpha',
    JSON.stringify({ seenAtMs: Date.now(), sample: aBot('alpha', { apps: ['background'] }) }),
  );
});
afterAll(async () => {
  await api.close();
  await redis.stop();
});

const PROBLEM_TYPE = /^application\/problem\+json/;

function expectProblem(answer: Answer, status: number): Problem {
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  expect(answer.headers.get('content-type')).toMatch(PROBLEM_TYPE);
  expect(Value.Errors(Problem, answer.body)).toEqual([]);
  const problem = answer.body as Problem;
  expect(problem.status).toBe(status);
  return problem;
}

describe('answers', () => {
  test.each<[string, TSchema]>([
    ['/api/status', Status],
    ['/api/status?range=6h', Status],
    ['/api/active', Type.Array(ActiveRequest, { minItems: 1 })],
    ['/api/requests', Type.Array(EndedRequest, { minItems: 2 })],
    ['/api/requests/running-1', AnyRequest],
    ['/api/requests/completed-1', EndedRequest],
    ['/api/models', Type.Array(ModelStats, { minItems: 1 })],
    ['/api/apps', Type.Array(AppStats, { minItems: 1 })],
    ['/api/requests/running-1?app=shop', ActiveRequest],
    ['/api/stats', Stats],
    ['/api/stats?range=7d', Stats],
    ['/api/stats?from=2026-01-01&to=2026-01-02T10:30:00Z&model=phi3', Stats],
    ['/api/trends', Trends],
    [`/api/trends?metrics=${METRICS.map(({ name }) => name).join(',')}&range=7d`, Trends],
    ['/api/facets', Facets],
    ['/api/facets?range=1h&status=failed,timeout&model=phi3', Facets],
    ['/api/bots', Type.Array(Bot, { minItems: 1 })],
    ['/api/bots/alpha', BotDetails],
    ['/api/hosts', Type.Array(Host, { minItems: 1 })],
    ...METRICS.map(({ name }) => [`/api/series?metric=${name}`, Series] as [string, TSchema]),
    ['/health', Health],
    ['/ready', Readiness],
  ])('of %s are of their schema', async (path, schema) => {
    const { status, body, headers } = await api.get(path);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(Value.Errors(schema, body)).toEqual([]);
    const { properties } = schema as { properties?: object };
    const names = Object.keys(properties ?? (body as object));
    expect(Object.keys(body as object).sort()).toEqual(names.sort());
  });

  test('carry what the browser needs to keep them to itself', async () => {
    const { headers } = await api.get('/api/active');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  test('to HEAD have the headers alone', async () => {
    const { status, headers, body } = await api.get('/api/status', { method: 'HEAD' });
    expect(status).toBe(200);
    expect(Number(headers.get('content-length'))).toBeGreaterThan(100);
    expect(body).toBe('');
  });

  test('of a call show what the server measured', async () => {
    const { body } = await api.get('/api/requests/completed-1');
    expect(body).toMatchObject({
      ...{ status: 'completed', duration: 3, time_to_first_token: 0.251, tokens_per_second: 20 },
      phases: { queue: 0.3, load: 1, prompt: 0.2, generation: 1.5 },
      prompt: '<script>alert(1)</script>',
    });
  });
});

describe('what is asked wrongly', () => {
  test.each([
    ['/api/status?rnage=6h', /"rnage".*Known here: range, demo/],
    ['/api/status?range=6', /number and m, h or d/],
    ['/api/status?range=91d', /1m to 90d/],
    ['/api/status?range=0m', /"0m"/],
    ['/api/status?demo=yes', /true, false or only/],
    ['/api/active?limit=5', /Known here: demo/],
    ['/api/hosts?demo=true', /none here/],
    ['/api/requests?limit=0', /1 to 500/],
    ['/api/requests?limit=501', /1 to 500/],
    ['/api/requests?limit=ten', /1 to 500.*"ten"/],
    ['/api/requests?limit=1.5', /1 to 500/],
    ['/api/requests?limit=5&limit=6', /more than once/],
    ['/api/requests?cursor=abc', /Link header/],
    ['/api/requests?cursor=MXwxfGE6Yg==', /Link header/],
    ['/api/requests?status=done', /completed, failed, timeout, cancelled/],
    ['/api/requests?from=yesterday', /ISO 8601/],
    ['/api/requests?from=2026-05-01T10:00:00', /with its zone/],
    ['/api/requests?from=2026-13-01', /ISO 8601/],
    ['/api/requests?from=2026-05-02&to=2026-05-01', /before/],
    ['/api/requests?from=2026-05-02&to=2026-05-02', /before/],
    [`/api/requests?q=${'x'.repeat(257)}`, /256/],
    ['/api/requests/completed-1?verbose=1', /"verbose".*Known here: app/],
    ['/api/apps?range=6h', /Known here: demo/],
    ['/api/series', /which metric/],
    ['/api/series?metric=speed', /requests, active, completed/],
    ['/api/series?metric=requests&step=30', /60 to 86400/],
    ['/api/series?metric=requests&step=90', /whole minutes/],
    ['/api/series?metric=requests&range=7d&step=60', /3600/],
    ['/api/series?metric=cpu_percent&model=phi3', /machines/],
    ['/api/series?metric=requests&range=2d&step=60', /more than 2000 steps/],
    ['/api/trends?metrics=requests,speed', /requests, active, completed/],
    ['/api/trends?to=2026-01-01', /say "from"/],
    ['/api/trends?range=1h&from=2026-01-01', /either "range"/],
    ['/api/trends?from=2026-01-02&to=2026-01-01', /Exchange them/],
    ['/api/stats?from=2999-01-01', /in the past/],
    ['/api/facets?status=odd', /completed, failed/],
    ['/api/export/rollups.csv?resolution=day', /minute or hour/],
    ['/api/export/rollups.csv?range=7d&resolution=minute', /hour for what began over 48 h ago/],
    ['/api/export/rollups.json?from=2026-01-02&to=2026-01-01', /Exchange them/],
    ['/api/trends?from=2026-01-02&to=2026-01-02', /Take a later "to"/],
    ['/api/export/series.csv?metrics=requests,speed', /requests, active, completed/],
    ['/api/requests?__proto__=1', /__proto__/],
  ])('%s is answered with 400 and the way out', async (path, detail) => {
    expect(expectProblem(await api.get(path), 400).detail).toMatch(detail);
  });

  test('an empty parameter is as if it were not there', async () => {
    const { status, body } = await api.get(
      '/api/requests?limit=&cursor=&model=&app=&status=&q=&from=&to=',
    );
    expect(status).toBe(200);
    expect(body).toHaveLength(2);
  });

  test.each([
    '/nothing',
    '/api',
    '/api/requests/short',
    '/api/requests/unknown-id',
    '/api/requests/a%2Fb%3Ac%00d',
  ])('%s is answered with 404', async (path) => {
    expectProblem(await api.get(path), 404);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '%s on a known path is answered with 405',
    async (method) => {
      for (const path of ['/api/status', '/api/requests', '/health']) {
        const answer = await api.get(path, { method });
        expectProblem(answer, 405);
        expect(answer.headers.get('allow')).toBe('GET, HEAD');
      }
    },
  );

  test('a path that cannot be read is answered with 400', async () => {
    expectProblem(await api.get('/api/%zz'), 400);
  });

  test('a large body is refused', async () => {
    expectProblem(await api.get('/nothing', { method: 'POST', body: 'x'.repeat(70_000) }), 413);
  });
});

describe('access', () => {
  test('under a name that is not its own is refused', async () => {
    const own = await startApi({
      redisUrl: redis.url,
      shards: 1,
      allowedHosts: ['monitor.example'],
    });
    try {
      expect(expectProblem(await own.get('/api/status'), 421).detail).toMatch(/ALLOWED_HOSTS/);
    } finally {
      await own.close();
    }
  });

  test('with a token configured takes the token, and shows only its health without', async () => {
    const guarded = await startApi({
      redisUrl: redis.url,
      shards: 1,
      tokens: { operator: 'secret', viewer: '' },
    });
    try {
      const refused = await guarded.get('/api/status');
      expectProblem(refused, 401);
      expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expectProblem(await guarded.get('/openapi.json'), 401);
      expectProblem(
        await guarded.get('/api/status', { headers: { authorization: 'Bearer wrong' } }),
        401,
      );
      const headers = { authorization: 'Bearer secret' };
      expect((await guarded.get('/api/status', { headers })).status).toBe(200);
      expect((await guarded.get('/health')).status).toBe(200);
      expect((await guarded.get('/ready')).status).toBe(200);
    } finally {
      await guarded.close();
    }
  });
});

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1 and lists every path', async () => {
    const { body } = await api.get('/openapi.json');
    const result = await new Validator().validate(body as Record<string, unknown>);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    const document = body as { openapi: string; paths: Record<string, Record<string, unknown>> };
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(operations.sort()).toEqual(API_OPERATIONS);
  });

  test('says that a call is cancelled without a body too', async () => {
    const { body } = await api.get('/openapi.json');
    expect(body).toMatchObject({
      paths: { '/api/requests/{id}/cancel': { post: { requestBody: { required: false } } } },
    });
  });

  test('asks for no parameter that has a default, and names every parameter that is taken', async () => {
    const { body } = await api.get('/openapi.json');
    const { paths } = body as {
      paths: Record<
        string,
        { get?: { parameters?: { name: string; in: string; required?: boolean }[] } }
      >;
    };
    const needed = Object.entries(paths).flatMap(([path, { get }]) =>
      (get?.parameters ?? [])
        .filter((one) => one.in === 'query' && one.required)
        .map(({ name }) => `${path} ${name}`),
    );
    expect(needed).toEqual([]);
    const plain = Object.keys(paths).filter(
      (path) => /^\/api\/[^{}]*$/.test(path) && paths[path]?.get,
    );
    expect(plain.length).toBeGreaterThan(20);
    for (const path of plain) expectProblem(await api.get(`${path}?unknown=1`), 400);
  });

  test('refers only to schemas that it has', async () => {
    const text = JSON.stringify((await api.get('/openapi.json')).body);
    const { components } = JSON.parse(text) as { components: { schemas: object } };
    const referred = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(referred.length).toBeGreaterThan(8);
    const known = Object.keys(components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(known).toEqual(expect.arrayContaining(referred));
    expect(text).not.toContain('"def-');
  });

  test('is shown on a page that takes nothing from other machines', async () => {
    const page = await api.get('/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'self'/);
    const links = [...String(page.body).matchAll(/(?:src|href)="([^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      expect(link).toMatch(/^(\/docs\/|\.\/)/);
      expect((await api.get(new URL(link, `${api.url}/docs`).pathname)).status, link).toBe(200);
    }
  });
});
