import type { ActiveRequest, EndedRequest, Stats, Status } from '@llm-monitor/contracts/rest';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createLoad, publishLoad } from '../helpers/load.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

describe('what a collector counted, as the API shows it', () => {
  const { events, truth } = createLoad({ seed: 7, calls: 400 });
  const active = truth.started - truth.completed - truth.failed - truth.cancelled;
  const shards = '2';
  let nats: NatsServer;
  let redis: RedisServer;
  let collector: Service;
  let api: Service;
  let bus: NatsConnection;

  async function get<T>(path: string): Promise<{ body: T; next: string | undefined }> {
    const response = await fetch(`${api.url}${path}`);
    expect(response.status).toBe(200);
    const next = /^<([^>]+)>/.exec(response.headers.get('link') ?? '')?.[1];
    return { body: (await response.json()) as T, next };
  }

  beforeAll(async () => {
    [nats, redis] = await Promise.all([startNats(), startRedis()]);
    const env = { NATS_URL: nats.url, REDIS_URL: redis.url, REDIS_SHARDS: shards };
    [collector, api] = await Promise.all([
      startService('collector', env, { until: 'ready' }),
      startService('api', env, { until: 'ready' }),
    ]);
    bus = await connect({ servers: nats.url });
    await publishLoad(bus, events);
    await waitFor('all calls to be counted', async () => {
      const { body } = await get<Status>('/api/status');
      const { completed_requests, failed_requests, cancelled_requests } = body;
      const ended = completed_requests + failed_requests + cancelled_requests;
      return body.total_requests === truth.started && ended === truth.started - active;
    });
  });
  afterAll(async () => {
    await bus.close();
    await Promise.all([collector.stop(), api.stop()]);
    await Promise.all([nats.stop(), redis.stop()]);
  });

  test('the status, of all time and of a range, is the truth', async () => {
    for (const path of ['/api/status', '/api/status?range=1h', '/api/status?range=7d']) {
      const { body } = await get<Status>(path);
      expect(body, path).toMatchObject({
        status: 'ok',
        active_requests: active,
        total_requests: truth.started,
        completed_requests: truth.completed,
        failed_requests: truth.failed,
        timeout_requests: truth.timeouts,
        cancelled_requests: truth.cancelled,
        total_tokens: truth.outputTokens,
        input_tokens: truth.inputTokens,
      });
      expect(body.avg_response_time).toBeCloseTo(truth.durationMs / truth.completed / 1000, 2);
    }
  });

  test('statistics by model and by app add up to the truth', async () => {
    const { body } = await get<Stats>('/api/stats');
    for (const parts of [body.by_model, body.by_app]) {
      expect(parts.length).toBeGreaterThan(2);
      expect(parts.reduce((sum, part) => sum + part.total_requests, 0)).toBe(truth.started);
      expect(parts.reduce((sum, part) => sum + part.total_tokens, 0)).toBe(truth.outputTokens);
    }
  });

  test('every call is either active or in the history, once', async () => {
    const running = await get<ActiveRequest[]>('/api/active');
    expect(running.body.length).toBe(active);
    const ids = running.body.map((call) => call.id);
    for (let next: string | undefined = '/api/requests?limit=37'; next;) {
      const page: { body: EndedRequest[]; next: string | undefined } = await get(next);
      ids.push(...page.body.map((call) => call.id));
      next = page.next;
    }
    expect(ids.length).toBe(truth.started);
    expect(new Set(ids).size).toBe(truth.started);
  });

  test('a call is found by its id, with what was asked and how it ended', async () => {
    const [newest] = (await get<EndedRequest[]>('/api/requests?status=completed&limit=1')).body;
    expect(newest).toMatchObject({ status: 'completed', prompt: 'Why is the sky blue?' });
    expect((await get(`/api/requests/${newest?.id}`)).body).toEqual(newest);
  });
});
