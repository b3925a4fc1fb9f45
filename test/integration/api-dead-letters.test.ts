import type { DeadLetter, Pipeline, Status } from '@llm-monitor/contracts/rest';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { aCall } from '../helpers/an-event.ts';
import { publish } from '../helpers/publish.ts';
import { startApi, type RunningApi } from '../helpers/start-api.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

let nats: NatsServer;
let redis: RedisServer;
let collector: Service;
let api: RunningApi;
let bus: NatsConnection;
let manager: JetStreamManager;

const startCollector = () =>
  startService(
    'collector',
    { NATS_URL: nats.url, REDIS_URL: redis.url, ACK_WAIT_MS: '1000' },
    { until: 'ready' },
  );
const letters = async (query = '') =>
  (await api.get(`/api/dead-letters${query}`)).body as DeadLetter[];
const pipeline = async () => (await api.get('/api/pipeline')).body as Pipeline;
const post = (path: string) => api.get(path, { method: 'POST' });

beforeAll(async () => {
  [nats, redis] = await Promise.all([startNats(), startRedis()]);
  collector = await startCollector();
  // Each look is a new one.
  let elapsedMs = 0;
  api = await startApi({
    ...{ redisUrl: redis.url, natsUrl: nats.url, shards: 1 },
    elapsedMs: () => (elapsedMs += 10_000),
  });
  bus = await connect({ servers: nats.url });
  manager = await jetstreamManager(bus);
  await waitFor('the API to have NATS', async () => (await pipeline()).streams !== null);
});
afterAll(async () => {
  await api.close();
  await bus.close();
  await collector.stop();
  await Promise.all([nats.stop(), redis.stop()]);
});

async function refuse(body: string): Promise<DeadLetter> {
  const before = new Set((await letters()).map(({ sequence }) => sequence));
  await jetstream(bus).publish('llm.request.started.app.model', body);
  return await waitFor('the letter', async () =>
    (await letters()).find(({ sequence }) => !before.has(sequence)),
  );
}

/** A letter as a collector of an older version left it: this one can use the message. */
async function leaveLetter(data: { body: string; subject: string; of?: object }): Promise<number> {
  const { seq } = await jetstream(bus).publish(
    'llm.dead-letter.invalid-event',
    JSON.stringify({
      time: new Date().toISOString(),
      data: {
        ...{ reason: 'invalid-event', detail: 'unknown version', stream: 'LLM_REQUESTS' },
        ...{ sequence: 1_000_000, originalSubject: data.subject, body: data.body },
        ...{ bodyBytes: Buffer.byteLength(data.body), truncated: false },
        ...data.of,
      },
    }),
  );
  return seq;
}

describe('messages that could not be used', () => {
  test('are listed, newest first, with why and where they came from', async () => {
    const first = await refuse('{ no json');
    const second = await refuse(`{"specversion":"1.0","long":"${'x'.repeat(500)}"}`);
    expect(first).toMatchObject({
      ...{ reason: 'invalid-json', subject: 'llm.request.started.app.model' },
      ...{ bytes: 9, body: '{ no json', truncated: false },
    });
    expect(second).toMatchObject({ reason: 'invalid-event', truncated: true });
    expect(second.body).toHaveLength(200);
    expect((await letters()).map(({ sequence }) => sequence)).toEqual([
      second.sequence,
      first.sequence,
    ]);
    const whole = (await api.get(`/api/dead-letters/${second.sequence}`)).body as DeadLetter;
    expect(whole).toMatchObject({ truncated: false, bytes: whole.body.length });
  });

  test('come in pages that miss none', async () => {
    for (let i = 0; i < 3; i++) await refuse(`not json ${i}`);
    const all = (await letters('?limit=100')).map(({ sequence }) => sequence);
    const seen: number[] = [];
    for (let next: string | undefined = '/api/dead-letters?limit=2'; next;) {
      const page = await api.get(next);
      seen.push(...(page.body as DeadLetter[]).map(({ sequence }) => sequence));
      next = /^<([^>]+)>/.exec(page.headers.get('link') ?? '')?.[1];
    }
    expect(seen).toEqual(all);
  });

  test('are counted in the status and in the pipeline', async () => {
    const count = (await letters('?limit=100')).length;
    expect((await pipeline()).dead_letters).toMatchObject({ count });
    await waitFor('the collector to have said so', async () => {
      const status = (await api.get('/api/status')).body as Status;
      return status.dead_letters === count;
    });
  });

  test('can be tried again: what can be used by now is counted, at its own time, and its letter is gone', async () => {
    const hourAgo = new Date(Date.now() - 3_600_000);
    const call = aCall({ app: 'again', startedAt: hourAgo });
    const { subject, event } = call.started();
    const storedAt = new Date(hourAgo.getTime() + 50).toISOString();
    const sequence = await leaveLetter({
      ...{ subject, body: JSON.stringify(event) },
      of: { storedAt, sentAt: storedAt },
    });
    const answer = await post(`/api/dead-letters/${sequence}/retry`);
    expect(answer).toMatchObject({ status: 200, body: { sequence } });
    expect((await api.get(`/api/dead-letters/${sequence}`)).status).toBe(404);
    const found = await waitFor('the call to be counted', async () => {
      const { status, body } = await api.get(`/api/requests/${call.id}`);
      return status === 200 ? (body as { started_at: string }) : undefined;
    });
    expect(Math.abs(Date.parse(found.started_at) - hourAgo.getTime())).toBeLessThan(10_000);
  });

  test('become letters again while they cannot be used', async () => {
    const { sequence } = await refuse('{ still no json');
    expect((await post(`/api/dead-letters/${sequence}/retry`)).status).toBe(200);
    const again = await waitFor('a new letter', async () =>
      (await letters()).find((letter) => letter.body === '{ still no json'),
    );
    expect(again.sequence).toBeGreaterThan(sequence);
  });

  test('of which not all is kept are not sent again in part', async () => {
    const body = 'y'.repeat(20);
    const sequence = await leaveLetter({
      ...{ subject: 'llm.request.started.app.model', body },
      of: { bodyBytes: 9000, truncated: true },
    });
    expect(await post(`/api/dead-letters/${sequence}/retry`)).toMatchObject({ status: 409 });
    expect((await api.get(`/api/dead-letters/${sequence}`)).status).toBe(200);
  });

  test('can be removed', async () => {
    const { sequence } = await refuse('remove me');
    const remove = () => api.get(`/api/dead-letters/${sequence}`, { method: 'DELETE' });
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    expect((await letters()).some((letter) => letter.sequence === sequence)).toBe(false);
  });

  test.each(['0', 'x', '1e3', '99999999', '-1'])('"%s" names none', async (sequence) => {
    expect((await api.get(`/api/dead-letters/${sequence}`)).status).toBe(404);
  });
});

describe('the pipeline', () => {
  const requests = async () =>
    (await pipeline()).streams?.find(({ name }) => name === 'LLM_REQUESTS');

  test('is ok, with all of the stream acknowledged', async () => {
    await waitFor('everything to be acknowledged', async () => (await requests())?.lag === 0);
    expect(await pipeline()).toMatchObject({ status: 'ok', detail: null, lost_events: 0 });
    const { ack_floor: floor, last_sequence: last, ...rest } = (await requests())!;
    expect(floor).toBe(last);
    expect(rest).toMatchObject({ pending: 0, in_flight: 0, lost: 0, max_age: 72 * 3600 });
  });

  test('stalls without a collector, and counts exactly what the stream dropped meanwhile', async () => {
    const { last_sequence: before } = (await requests())!;
    await waitFor('the collector to have looked', async () => {
      const text = await api.redis.hget(api.keys.global.losses, 'LLM_REQUESTS');
      return (JSON.parse(text ?? '{}') as { ackFloor?: number }).ackFloor === before;
    });
    await collector.stop('SIGKILL');
    await publish(
      bus,
      Array.from({ length: 50 }, () => aCall({ app: 'late' }).started()),
    );
    await manager.streams.purge('LLM_REQUESTS', { seq: before + 31 });
    const stalled = await waitFor('the collector to be missed', async () => {
      const now = await pipeline();
      return now.status === 'stalled' ? now : undefined;
    });
    expect(stalled.detail).toContain('No collector runs');
    expect(stalled.lost_events).toBe(30);
    expect((await requests())?.lag).toBeGreaterThan(0);
    collector = await startCollector();
    await waitFor('the rest to be collected', async () => {
      const { body } = await api.get('/api/active');
      return (body as { app: string }[]).filter(({ app }) => app === 'late').length === 20;
    });
    await waitFor('the collector to have looked', async () => {
      const status = (await api.get('/api/status')).body as Status;
      return status.lost_events === 30;
    });
    expect((await pipeline()).lost_events).toBe(30);
    expect(JSON.stringify((await api.get('/ready')).body)).toContain('30 lost; LLM_TELEMETRY');
    const ready = await (await fetch(`${collector.url}/ready`)).json();
    expect(JSON.stringify(ready)).toContain('30 lost');
  });

  test('counts what was handed out again', async () => {
    const { redeliveries } = (await requests())!;
    await collector.stop('SIGKILL');
    const consumer = await jetstream(bus).consumers.get('LLM_REQUESTS', 'collector');
    await publish(bus, [aCall().started(), aCall().started()]);
    // Somebody takes them, and gives them back.
    for await (const message of await consumer.fetch({ max_messages: 2 })) message.nak();
    collector = await startCollector();
    await waitFor('both to be counted', async () => {
      return (await requests())!.redeliveries === redeliveries + 2;
    });
  });

  test('is unknown without NATS, and says what to do', async () => {
    await nats.kill();
    const unknown = await waitFor('NATS to be missed', async () => {
      const now = await pipeline();
      return now.status === 'unknown' ? now : undefined;
    });
    expect(unknown).toMatchObject({ streams: null, dead_letters: null, lost_events: 30 });
    expect(unknown.detail).toContain('NATS_URL');
    expect((await api.get('/api/dead-letters')).status).toBe(503);
    await nats.restart();
    await waitFor('NATS to be back', async () => (await pipeline()).streams !== null);
  });
});

test('without a stream of them, as before the first collector, it is said what is missing', async () => {
  const fresh = await startNats();
  const early = await startApi({ redisUrl: redis.url, natsUrl: fresh.url, shards: 1 });
  try {
    const asked = [
      () => early.get('/api/dead-letters'),
      () => early.get('/api/dead-letters/1'),
      () => early.get('/api/dead-letters/1', { method: 'DELETE' }),
      () => early.get('/api/dead-letters/1/retry', { method: 'POST' }),
    ];
    for (const ask of asked) {
      const answer = await waitFor('NATS', async () => {
        const now = await ask();
        return JSON.stringify(now.body).includes('NATS_URL') ? undefined : now;
      });
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('2');
      expect((answer.body as { detail: string }).detail).toMatch(/A collector makes it/);
    }
  } finally {
    await early.close();
    await fresh.stop();
  }
});
