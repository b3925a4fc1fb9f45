import {
  assertSafeToListen,
  busTls,
  connectBus,
  serveHealth,
  type Logger,
  type Running,
} from '@llm-monitor/runtime';
import type { NatsConnection } from '@nats-io/transport-node';

import type { ConnectorsConfig } from './config.ts';

/** Starts every connector that has something to connect to. */
export async function startConnectors(
  config: ConnectorsConfig,
  context: { log: Logger },
): Promise<Running> {
  const { log } = context;
  assertSafeToListen(config);
  const parts: { bus?: NatsConnection } = {};
  const health = await serveHealth({
    service: 'connectors',
    host: config.HOST,
    port: config.PORT,
    checks: [
      {
        name: 'nats',
        async check() {
          if (!parts.bus) return { ok: false, detail: 'not connected yet: is NATS_URL right?' };
          return { ok: true, detail: `answers in ${Math.round(await parts.bus.rtt())} ms` };
        },
      },
    ],
  });
  log.info({ port: health.port }, 'connectors listen');
  const bus = await connectBus({
    ...{ url: config.NATS_URL, name: 'connectors', log },
    tls: busTls(config),
  });
  parts.bus = bus;
  return {
    async close() {
      await health.close();
      await bus.close();
    },
  };
}
