import type { Problem, Readiness, Status } from '@llm-monitor/contracts/rest';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createSeeder } from '../helpers/seed-store.ts';
import { startApi, type RunningApi } from '../helpers/start-api.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

let redis: RedisServer;
beforeEach(async () => {
  redis = await startRedis();
});
afterEach(() => redis.stop());

describe('without Redis', () => {
  let api: RunningApi;
  beforeEach(async () => {
    api = await startApi({ redisUrl: redis.url, shards: 1 });
    await createSeeder(api.redis, api.keys).ended({ id: 'request-1', startedAtMs: Date.now() });
  });
  afterEach(() => api.close());

  test('every question is answered with 503 and when to ask again, and rightly once Redis is back', async () => {
    expect((await api.get('/api/status')).status).toBe(200);
    await redis.kill();
    const paths = [
      ...['/api/status', '/api/active', '/api/requests', '/api/requests/request-1', '/api/models'],
      ...['/api/stats', '/api/series?metric=requests', '/api/hosts'],
    ];
    for (const path of paths) {
      const answer = await waitFor(`${path} to notice`, async () => {
        const one = await api.get(path);
        return one.status === 200 ? undefined : one;
      });
      expect(answer.status, path).toBe(503);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((answer.body as Problem).detail).toMatch(/Redis/);
    }
    expect((await api.get('/health')).status).toBe(200);
    const ready = await api.get('/ready');
    expect(ready.status).toBe(503);
    expect((ready.body as Readiness).checks[0]?.detail).toMatch(/REDIS_URL/);

    await redis.restart();
    const status = await waitFor('the status to be back', async () => {
      const one = await api.get('/api/status');
      return one.status === 200 ? (one.body as Status) : undefined;
    });
    expect(status.total_requests).toBe(1);
    expect((await api.get('/ready')).status).toBe(200);
  });
});

describe('a store that was written with another number of shards', () => {
  test('keeps the service from starting, with the number to set', async () => {
    const api = await startApi({ redisUrl: redis.url, shards: 1 });
    await api.redis.set(api.keys.global.shards, '3');
    await api.close();
    await expect(startService('api', { REDIS_URL: redis.url, REDIS_SHARDS: '1' })).rejects.toThrow(
      /"fatal"[^]*REDIS_SHARDS=3/,
    );
  });

  test('makes a service that runs already say so instead of wrong figures', async () => {
    const api = await startApi({ redisUrl: redis.url, shards: 2 });
    try {
      expect((await api.get('/ready')).status).toBe(200);
      await api.redis.set(api.keys.global.shards, '4');
      const ready = await api.get('/ready');
      expect(ready.status).toBe(503);
      expect((ready.body as Readiness).checks[0]?.detail).toMatch(/REDIS_SHARDS=4/);
      const refused = await api.get('/api/status');
      expect(refused.status).toBe(503);
      expect((refused.body as Problem).detail).toMatch(/Set REDIS_SHARDS=4/);
    } finally {
      await api.close();
    }
  });
});

describe('the service as a process', () => {
  test('starts before Redis does, answers once it is there, and ends in good order', async () => {
    await redis.kill();
    const service = await startService('api', { REDIS_URL: redis.url });
    try {
      expect((await fetch(`${service.url}/api/status`)).status).toBe(503);
      await redis.restart();
      const status = await waitFor('the status', async () => {
        const answer = await fetch(`${service.url}/api/status`);
        return answer.ok ? ((await answer.json()) as Status) : undefined;
      });
      expect(status).toMatchObject({ status: 'degraded', total_requests: 0 });
      expect(status.version).toMatch(/^\d+\.\d+\.\d+/);
    } finally {
      await service.stop();
    }
    expect(await service.exited).toBe(0);
  });

  test('refuses to show prompts to other machines without a token', async () => {
    await expect(startService('api', { REDIS_URL: redis.url, HOST: '0.0.0.0' })).rejects.toThrow(
      /"fatal"[^]*LLM_MONITOR_TOKEN/,
    );
  });

  test('names a wrong setting', async () => {
    await expect(
      startService('api', { REDIS_URL: redis.url, REDIS_SHARDS: 'many' }),
    ).rejects.toThrow(/"fatal"[^]*REDIS_SHARDS/);
  });
});
