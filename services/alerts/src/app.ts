import { createKeys } from '@llm-monitor/contracts/redis';
import {
  assertSafeToListen,
  busTls,
  connectBus,
  connectStore,
  followGeneration,
  pingStore,
  serveHealth,
  storeTls,
  whenStoreReady,
  type Check,
  type Logger,
  type Running,
  type StoreConnection,
} from '@llm-monitor/runtime';
import type { NatsConnection } from '@nats-io/transport-node';

import type { AlertsConfig } from './config.ts';
import type { Notify } from './core/notification.ts';

/** Starts the alerts: of any number of replicas one evaluates. */
export async function startAlerts(
  config: AlertsConfig,
  context: { log: Logger; notify?: Notify },
): Promise<Running> {
  const { log } = context;
  assertSafeToListen(config);
  const keys = createKeys({ shards: config.REDIS_SHARDS });
  const redis = connectStore({
    ...{ url: config.REDIS_URL, tls: storeTls(config), log },
    name: 'alerts',
  });
  const parts: { bus?: NatsConnection } = {};
  const health = await serveHealth({
    service: 'alerts',
    host: config.HOST,
    port: config.PORT,
    checks: readinessChecks(redis, parts),
  });
  log.info({ port: health.port }, 'alerts listen');
  const [bus] = await Promise.all([
    connectBus({ url: config.NATS_URL, name: 'alerts', log, tls: busTls(config) }),
    whenStoreReady(redis),
  ]);
  parts.bus = bus;
  const generation = await followGeneration({ redis, keys });
  return {
    async close() {
      generation.stop();
      await health.close();
      await bus.close();
      redis.disconnect();
    },
  };
}

function readinessChecks(redis: StoreConnection, parts: { bus?: NatsConnection }): Check[] {
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
  ];
}
