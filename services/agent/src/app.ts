import {
  assertSafeToListen,
  connectBus,
  serveHealth,
  type Check,
  type Logger,
  type Running,
} from '@llm-monitor/runtime';
import type { NatsConnection } from '@nats-io/transport-node';

import { createHostSensor, type HostSensor } from './adapters/host-sensor.ts';
import { createOllamaServer } from './adapters/ollama-server.ts';
import { createTelemetryPublisher } from './adapters/telemetry-publisher.ts';
import type { AgentConfig } from './config.ts';
import { shownAddress } from './core/ollama-address.ts';
import { startObservedProxies } from './proxy/observed-proxies.ts';
import { startSampler, type Sampler } from './sampler/sampler.ts';
import { watchServer } from './sampler/watch-server.ts';

const MIN_SILENCE_MS = 10_000;

/** Runs the agent: health, and a sampler once NATS is there. */
export async function startAgent(options: { config: AgentConfig; log: Logger }): Promise<Running> {
  const { config, log } = options;
  assertSafeToListen(config.listen);
  const parts: { bus?: NatsConnection; sampler?: Sampler } = {};
  // Before all that waits for NATS: calls pass without it.
  const proxies = await startObservedProxies({ config, log });
  const health = await serveHealth({
    service: 'agent',
    host: config.listen.HOST,
    port: config.port,
    checks: [...readinessChecks(config, parts), ...proxies.checks],
  });
  log.info({ port: health.port, host: config.host }, 'agent listens');
  const [bus, sensor] = await Promise.all([
    connectBus({ url: config.natsUrl, name: 'agent', log }),
    createHostSensor(),
  ]);
  parts.bus = bus;
  parts.sampler = startSampling({ bus, sensor, config, log });
  return {
    async close() {
      await proxies.close();
      await parts.sampler?.stop();
      await health.close();
      await parts.bus?.close();
    },
  };
}

function startSampling(options: {
  bus: NatsConnection;
  sensor: HostSensor;
  config: AgentConfig;
  log: Logger;
}): Sampler {
  const { bus, sensor, config, log } = options;
  const publish = createTelemetryPublisher(bus, config.host);
  const watch = watchServer({
    server: createOllamaServer(config.ollamaUrl),
    address: shownAddress(config.ollamaUrl),
    host: config.host,
    publish,
    listIntervalMs: config.modelsIntervalMs,
  });
  return startSampler({
    sensor,
    watch,
    publish,
    host: config.host,
    intervalMs: config.sampleIntervalMs,
    onError: (err) => log.warn({ err }, 'a sample was lost'),
  });
}

function readinessChecks(
  config: AgentConfig,
  parts: { bus?: NatsConnection; sampler?: Sampler },
): Check[] {
  const silenceMs = Math.max(MIN_SILENCE_MS, 3 * config.sampleIntervalMs);
  return [
    {
      name: 'nats',
      async check() {
        if (!parts.bus) return { ok: false, detail: 'not connected yet: is NATS_URL right?' };
        return { ok: true, detail: `answers in ${Math.round(await parts.bus.rtt())} ms` };
      },
    },
    {
      name: 'samples',
      check() {
        const lastMs = parts.sampler?.lastSampleMs();
        if (lastMs === undefined) return { ok: false, detail: 'no sample was published yet' };
        const ageMs = Date.now() - lastMs;
        return { ok: ageMs < silenceMs, detail: `the last one ${Math.round(ageMs / 1000)} s ago` };
      },
    },
  ];
}
