import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Alert, AlertRule, StoredAlert } from '@llm-monitor/contracts/alerts';
import { subjects } from '@llm-monitor/contracts/bus';
import { createEvent, type HeartbeatData } from '@llm-monitor/contracts/events';
import { createKeys } from '@llm-monitor/contracts/redis';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { aCall, type Published } from '../helpers/an-event.ts';
import { holdToDocument, type HeldToDocument } from '../helpers/hold-to-document.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { publish } from '../helpers/publish.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

// Two replicas of the alerts, which look five times a second, beside one collector.
const { global } = createKeys({ shards: 1 });
const STREAM = 'LLM_ALERTS';
let nats: NatsServer;
let store: RedisServer;
let redis: Redis;
let connection: NatsConnection;
let manager: JetStreamManager;
let held: HeldToDocument;
let collector: Service;
const replicas: Service[] = [];
let env: Record<string, string>;

beforeAll(async () => {
  [nats, store] = await Promise.all([startNats(), startRedis()]);
  env = {
    ...{ NATS_URL: nats.url, REDIS_URL: store.url, LOG_LEVEL: 'info' },
    ...{
      ALERT_EVERY_MS: '200',
      ALERT_CLEAR_MS: '600',
      ALERT_LEASE_MS: '1500',
      ACK_WAIT_MS: '2000',
    },
  };
  redis = new Redis(store.url);
  redis.on('error', () => undefined);
  connection = await connect({ servers: nats.url, maxReconnectAttempts: -1 });
  held = holdToDocument(connection);
  manager = await jetstreamManager(connection, { checkAPI: false });
  collector = await startService('collector', env, { until: 'ready' });
  for (let i = 0; i < 2; i++) replicas.push(await startReplica());
}, 60_000);
afterAll(async () => {
  await connection?.close();
  redis?.disconnect();
  await Promise.all([...replicas, collector].map((service) => service?.stop()));
  await Promise.all([nats?.stop(), store?.stop()]);
});

const startReplica = () => startService('alerts', env, { until: 'ready' });

async function fired(rule: string): Promise<Alert | undefined> {
  const stored = (await redis.hvals(global.alertStates)).map((text) => JSON.parse(text));
  return (stored as StoredAlert[]).map(({ alert }) => alert).find((one) => one.rule === rule);
}

/** How often it was said on NATS. */
async function said(what: 'fired' | 'resolved', rule: string): Promise<number> {
  const subject = subjects.alert(what, rule);
  const { state } = await manager.streams.info(STREAM, { subjects_filter: subject });
  return state.subjects?.[subject] ?? 0;
}

async function lastSaid(what: 'fired' | 'resolved', rule: string) {
  const message = await manager.streams.getMessage(STREAM, {
    last_by_subj: subjects.alert(what, rule),
  });
  return message?.json<{ id: string; type: string; data: Alert }>();
}

/** Waits until rules were looked at so often again. */
async function looks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const before = await redis.hget(global.alertStatus, 'evaluatedAtMs');
    await waitFor('a look at the rules', async () => {
      const at = await redis.hget(global.alertStatus, 'evaluatedAtMs');
      return at !== null && at !== before;
    });
  }
}

async function change(id: string, fields: Partial<AlertRule>): Promise<void> {
  const rule = JSON.parse((await redis.hget(global.alertRules, id)) ?? '') as AlertRule;
  await redis.hset(global.alertRules, id, JSON.stringify({ ...rule, ...fields }));
}

function aBeat(app: string, over: Partial<HeartbeatData> = {}): Published {
  const data = { app, instance: 'one', runningRequestIds: [], running: 0, ...over };
  const subject = subjects.heartbeat(app, 'one');
  const event = createEvent<HeartbeatData>({
    ...{ id: `${app}:${Date.now()}`, source: '/test', type: 'llm.app.heartbeat.v1' },
    ...{ time: new Date().toISOString(), subject, data },
  });
  return { subject, event };
}

const failures = (count: number) =>
  Array.from({ length: count }, () => aCall().failed({ durationMs: 1 }));

test('ready rules are there from the first start; what was deleted does not come back', async () => {
  await looks(1);
  const ids = await redis.hkeys(global.alertRules);
  expect(ids).toContain('failed-requests');
  expect(ids).toContain('no-heartbeat');
  await redis.hdel(global.alertRules, 'vram-spill');
  await looks(2);
  expect(await redis.hkeys(global.alertRules)).not.toContain('vram-spill');
});

test('what a rule looks at can be split and narrowed, of calls and of hosts', async () => {
  const host = { host: 'h', cpuCount: 1, uptimeSeconds: 1, server: null };
  const sample = { ...host, cpuPercent: 99, memoryUsedBytes: 95, memoryTotalBytes: 100 };
  const event = createEvent({
    ...{ id: 'sample', source: '/test', type: 'llm.host.sampled.v1' },
    ...{ time: new Date().toISOString(), subject: subjects.hostSampled('h'), data: sample },
  });
  const done = (app: string, model: string, durationMs: number) =>
    aCall({ app, model }).completed({ durationMs });
  await publish(connection, [
    ...[done('shop', 'phi3', 9000), done('shop', 'phi3', 1000), done('bank', 'phi3', 1000)],
    ...[done('shop', 'mistral', 2000), aCall({ app: 'bank', model: 'phi3' }).started()],
    { subject: subjects.hostSampled('h'), event },
  ]);
  const rule = (id: string, fields: Partial<AlertRule>) =>
    redis.hset(
      global.alertRules,
      id,
      JSON.stringify({ id, name: id, comparator: '>', severity: 'info', ...fields }),
    );
  const { scope, ...slow } = { scope: { app: 'shop', each: 'model' }, threshold: 3 } as const;
  await Promise.all([
    rule('t-slow', { metric: 'avg_response_time', scope, ...slow }),
    rule('t-busy', { metric: 'active', scope: { each: 'app' }, threshold: 0 }),
    rule('t-calm', { metric: 'completed', comparator: '<', scope: { app: 'bank' }, threshold: 2 }),
    rule('t-full', { metric: 'memory_percent', scope: { each: 'host' }, threshold: 90 }),
  ]);
  const found = (id: string) => waitFor(id, () => fired(id));
  expect(await found('t-slow')).toMatchObject({ of: { app: 'shop', model: 'phi3' }, value: 5 });
  expect(await found('t-busy')).toMatchObject({ of: { app: 'bank' }, value: 1, unit: 'requests' });
  expect(await found('t-calm')).toMatchObject({ of: { app: 'bank' }, value: 1 });
  expect(await found('t-full')).toMatchObject({ of: { host: 'h' }, value: 95, unit: '%' });
  await redis.hdel(global.alertRules, 't-slow', 't-busy', 't-calm', 't-full');
});

test('too many failed calls fire once, on NATS as in the store, with a link to the minute before', async () => {
  await publish(connection, failures(10));
  await looks(3);
  expect(await fired('failed-requests')).toBeUndefined();
  await publish(connection, failures(1));
  const alert = await waitFor('the alert', () => fired('failed-requests'));
  expect(alert).toMatchObject({ state: 'firing', value: 11, threshold: 10, of: {} });
  const firedMs = Date.parse(alert.firedAt ?? '');
  const from = encodeURIComponent(new Date(firedMs - 60_000).toISOString());
  expect(alert.link).toBe(`/?from=${from}&to=${encodeURIComponent(alert.firedAt ?? '')}`);
  await waitFor('the event', async () => (await said('fired', 'failed-requests')) === 1);
  expect(await lastSaid('fired', 'failed-requests')).toMatchObject({
    ...{ id: `${alert.id}:fired`, type: 'llm.alert.fired.v1', data: { id: alert.id } },
  });
});

test('when the replica that looks at the rules is killed the other goes on, and nothing fires twice', async () => {
  const before = await fired('failed-requests');
  const holder = await redis.hget(global.alertStatus, 'by');
  const dying = replicas.find(({ pid }) => holder?.endsWith(`-${pid}`));
  if (!dying) throw new Error(`nobody is ${holder}`);
  await dying.stop('SIGKILL');
  await waitFor('the other to look', async () => {
    return (await redis.hget(global.alertStatus, 'by')) !== holder;
  });
  replicas.splice(replicas.indexOf(dying), 1, await startReplica());
  await looks(3);
  // All of them end, and start with what they left.
  await Promise.all(replicas.map((replica) => replica.stop()));
  replicas[0] = await startReplica();
  replicas.length = 1;
  await looks(3);
  const after = await fired('failed-requests');
  expect(after).toMatchObject({ id: before?.id, since: before?.since, firedAt: before?.firedAt });
  expect(await said('fired', 'failed-requests')).toBe(1);
  expect(await redis.hkeys(global.alertRules)).not.toContain('vram-spill');
});

test('what happens while NATS is away is said once it is back, once; what is known stays', async () => {
  await nats.kill();
  await change('failed-requests', { enabled: false });
  await waitFor('the end', async () => (await fired('failed-requests')) === undefined);
  await looks(2);
  await nats.restart();
  await waitFor('the event', async () => (await said('resolved', 'failed-requests')) === 1, {
    timeoutMs: 30_000,
  });
  await looks(3);
  expect(await said('resolved', 'failed-requests')).toBe(1);
  expect(await lastSaid('resolved', 'failed-requests')).toMatchObject({
    data: { state: 'resolved', resolution: 'rule-changed' },
  });
  expect(await redis.hlen(global.alertHandover)).toBe(0);
});

test('an app whose beats are not collected is not silent; one that is heard and falls silent is', async () => {
  await change('no-heartbeat', { threshold: 2 });
  await publish(connection, [aBeat('steady'), aBeat('ended', { stopping: true })]);
  await waitFor('the beat', () => redis.hexists(global.instances, 'steady:one'));
  await collector.stop('SIGKILL');
  // For longer than the rule allows an app to be silent.
  await looks(20);
  await publish(connection, [aBeat('steady')]);
  collector = await startService('collector', env, { until: 'ready' });
  await looks(3);
  expect(await said('fired', 'no-heartbeat')).toBe(0);
  const alert = await waitFor('the alert', () => fired('no-heartbeat'), { timeoutMs: 30_000 });
  expect(alert).toMatchObject({
    of: { app: 'steady' },
    link: expect.stringMatching(/^\/apps\/steady\?from=/),
  });
  // It is stored first, and said after that.
  await waitFor('the event', async () => (await said('fired', 'no-heartbeat')) === 1);
});

test('who was paused while another took over writes nothing', async () => {
  const url = new URL(store.url);
  // Of the same server, where no replica looks.
  const apart = new Redis(Number(url.port), url.hostname, { db: 1 });
  const script = (name: string) =>
    readFile(join(projectRoot(), 'services/alerts/src/adapters', `${name}.lua`), 'utf8');
  const [holding, writing] = await Promise.all([script('hold-lease'), script('write-alerts')]);
  const { alertLease, alertStates, alertHandover, alertMemory, alertStatus, alertLog } = global;
  const hold = (held: string, fresh: string, ms: number) =>
    apart.eval(holding, 1, alertLease, held, fresh, ms);
  const keys = [alertLease, alertStates, alertHandover, alertMemory, alertStatus, alertLog];
  const write = (token: string) =>
    apart.eval(writing, keys.length, ...keys, token, 10, 'status', 'by', token);

  expect(await hold('', 'first', 300)).toBe('first');
  expect(await hold('', 'second', 60_000)).toBe('');
  expect(await hold('first', 'unused', 300)).toBe('first');
  expect(await write('first')).toBe(1);
  await waitFor(
    'the lease to run out',
    async () => (await hold('', 'second', 60_000)) === 'second',
  );
  expect(await write('first')).toBe(0);
  expect(await hold('first', 'third', 300)).toBe('');
  expect(await write('second')).toBe(1);
  expect(await apart.hget(alertStatus, 'by')).toBe('second');
  apart.disconnect();
});

test('while Redis is away nothing is decided, and what fired before still does', async () => {
  const before = await fired('no-heartbeat');
  await store.kill();
  const [replica] = replicas;
  await waitFor('not to be ready', async () => {
    const answer = await fetch(`${replica?.url}/ready`);
    return answer.status === 503 && (await answer.text()).includes('rules are not looked at');
  });
  await store.restart();
  await waitFor('looks again', () => looks(2).then(() => true), { timeoutMs: 30_000 });
  expect(await fired('no-heartbeat')).toMatchObject({ id: before?.id, since: before?.since });
  expect(await said('fired', 'no-heartbeat')).toBe(1);
  await publish(connection, [aBeat('steady', { stopping: true })]);
  await waitFor('it to be resolved', async () => (await said('resolved', 'no-heartbeat')) === 1);
}, 90_000);

test('all that was said on the bus is what the published document says', () => {
  expect(held.problems).toEqual([]);
  expect([...held.seen]).toEqual(expect.arrayContaining(['alertFired', 'alertResolved']));
});
