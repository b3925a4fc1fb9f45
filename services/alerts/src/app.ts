import { createKeys, type Keys } from '@llm-monitor/contracts/redis';
import {
  assertSafeToListen,
  busTls,
  connectBus,
  followGeneration,
  followStoreClock,
  serveHealth,
  storeTls,
  type Check,
  type Logger,
  type Running,
  type StoreClock,
  type StoreConnection,
} from '@llm-monitor/runtime';
import { connectStore, pingStore, whenStoreReady } from '@llm-monitor/runtime/store';
import type { NatsConnection } from '@nats-io/transport-node';

import { createAlertStore } from './adapters/alert-store.ts';
import { createBacklogReader } from './adapters/collect-backlog.ts';
import { startEvaluator, type Evaluator } from './adapters/evaluator.ts';
import { createHandover, type Handover } from './adapters/handover.ts';
import { createLease } from './adapters/lease.ts';
import { openPreviewDesk } from './adapters/preview-desk.ts';
import { startJudge } from './adapters/verdicts/judge-calls.ts';
import type { AlertsConfig } from './config.ts';
import type { Notify } from './core/notification.ts';
import { startDelivery } from './delivery/start-delivery.ts';

/** A look that takes long, or one that is missed, is no reason to take over. */
const LOOKS_PER_LEASE = 3;

/** What there is once both servers answered. */
interface Parts {
  bus?: NatsConnection;
  evaluator?: Evaluator;
  handover?: Handover;
}

/** Starts the alerts: of any number of replicas one evaluates. `name` tells it from others. */
export async function startAlerts(
  config: AlertsConfig,
  context: { log: Logger; name: string; notify?: Notify },
): Promise<Running> {
  const { log } = context;
  assertSafeToListen(config);
  const keys = createKeys({ shards: config.REDIS_SHARDS });
  const redis = connectStore({
    ...{ url: config.REDIS_URL, tls: storeTls(config), log },
    name: 'alerts',
  });
  const clock = followStoreClock({ redis, log });
  const parts: Parts = {};
  const health = await serveHealth({
    service: 'alerts',
    host: config.HOST,
    port: config.PORT,
    checks: [...readinessChecks(redis, parts), clock.check],
  });
  log.info({ port: health.port }, 'alerts listen');
  const [bus] = await Promise.all([
    connectBus({ url: config.NATS_URL, name: 'alerts', log, tls: busTls(config) }),
    whenStoreReady(redis),
  ]);
  parts.bus = bus;
  const generation = await followGeneration({ redis, keys });
  const delivery = await startDelivery({ config, redis, keys, bus, log });
  const { notify = delivery.notify } = context;
  const desk = startAlerting(config, { ...context, notify }, { redis, keys, bus, parts, clock });
  const judge = startJudge({
    ...{ store: { redis, keys }, connection: bus, log, nowMs: clock.nowMs },
    everyMs: config.VERDICT_EVERY_MS,
  });
  return {
    async close() {
      generation.stop();
      clock.stop();
      desk.close();
      await judge.stop();
      await parts.evaluator?.stop();
      await parts.handover?.stop();
      await delivery.close();
      await health.close();
      await bus.close();
      redis.disconnect();
    },
  };
}

function startAlerting(
  config: AlertsConfig,
  { log, name, notify }: { log: Logger; name: string; notify: Notify },
  {
    redis,
    keys,
    bus,
    parts,
    clock: { nowMs },
  }: {
    redis: StoreConnection;
    keys: Keys;
    bus: NatsConnection;
    parts: Parts;
    clock: StoreClock;
  },
): { close(): void } {
  const store = createAlertStore(redis, keys, log);
  const figures = { redis, keys };
  const backlog = createBacklogReader(bus, nowMs);
  const handover = createHandover({ ...{ store, notify, nowMs, log }, connection: bus });
  const everyMs = config.ALERT_EVERY_MS;
  const leaseMs = Math.max(config.ALERT_LEASE_MS, LOOKS_PER_LEASE * everyMs);
  parts.handover = handover;
  parts.evaluator = startEvaluator({
    ...{ name, store, figures, everyMs, nowMs, log },
    lease: createLease(redis, keys, leaseMs),
    clearMs: config.ALERT_CLEAR_MS,
    backlog,
    onLooked: () => handover.run(),
  });
  return openPreviewDesk({ ...{ figures, store, backlog, nowMs, log }, connection: bus });
}

function readinessChecks(redis: StoreConnection, parts: Parts): Check[] {
  return [
    {
      name: 'redis',
      async check() {
        await pingStore(redis);
        return { ok: true, detail: 'answers' };
      },
    },
    {
      name: 'nats',
      async check() {
        if (!parts.bus) return { ok: false, detail: 'not connected yet: is NATS_URL right?' };
        return { ok: true, detail: `answers in ${Math.round(await parts.bus.rtt())} ms` };
      },
    },
    {
      name: 'rules',
      check: () => parts.evaluator?.verdict() ?? { ok: false, detail: 'not looked at yet' },
    },
    {
      // It is kept until it comes off: no reason for anybody to send no traffic here.
      name: 'handover',
      check: () => ({ ok: true, detail: parts.handover?.problem() ?? 'nothing waits' }),
    },
  ];
}
