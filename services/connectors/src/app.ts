import {
  assertSafeToListen,
  busTls,
  connectBus,
  serveHealth,
  type Check,
  type Logger,
  type Running,
} from '@llm-monitor/runtime';
import type { NatsConnection } from '@nats-io/transport-node';

import type { ConnectorsConfig } from './config.ts';
import type { OpenConnector } from './connector.ts';
import { openFreqtrade } from './freqtrade/open-freqtrade.ts';
import { openOtlp } from './otlp/open-otlp.ts';

/** All that there are. Each runs where its part of the environment names what it connects to. */
const CONNECTORS: readonly OpenConnector[] = [openFreqtrade, openOtlp];

/** Starts every connector that has something to connect to. */
export async function startConnectors(
  config: ConnectorsConfig,
  context: { log: Logger; env: Readonly<Record<string, string | undefined>> },
): Promise<Running> {
  const { log } = context;
  assertSafeToListen(config);
  const connectors = CONNECTORS.map((open) => open(context)).filter((one) => one !== undefined);
  const parts: { bus?: NatsConnection } = {};
  const health = await serveHealth({
    service: 'connectors',
    host: config.HOST,
    port: config.PORT,
    checks: [busCheck(parts), ...connectors.flatMap(({ checks }) => checks)],
    handle: (request, response) => connectors.some((one) => one.handle?.(request, response)),
  });
  const names = connectors.map(({ name }) => name);
  log.info({ port: health.port, connectors: names }, 'connectors listen');
  if (names.length === 0) {
    log.warn(
      'there is nothing to connect to: set OTEL_EXPORTER_OTLP_ENDPOINT or FREQTRADE_BOTS, and start again',
    );
  }
  const bus = await connectBus({
    ...{ url: config.NATS_URL, name: 'connectors', log },
    tls: busTls(config),
  });
  parts.bus = bus;
  await Promise.all(connectors.map((one) => one.start(bus)));
  return {
    async close() {
      await Promise.all(connectors.map((one) => one.stop()));
      await health.close();
      await bus.close();
    },
  };
}

function busCheck(parts: { bus?: NatsConnection }): Check {
  return {
    name: 'nats',
    async check() {
      if (!parts.bus) return { ok: false, detail: 'not connected yet: is NATS_URL right?' };
      return { ok: true, detail: `answers in ${Math.round(await parts.bus.rtt())} ms` };
    },
  };
}
