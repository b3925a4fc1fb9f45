import {
  assertSafeToListen,
  connectBus,
  serveHealth,
  type Check,
  type Logger,
  type Running,
} from '@llm-monitor/runtime';
import type { NatsConnection } from '@nats-io/transport-node';

import { createHostSensor } from './adapters/host-sensor.ts';
import type { AgentConfig } from './config.ts';
import { startObservedProxies } from './proxy/observed-proxies.ts';
import type { Proxies } from './proxy/start-proxies.ts';
import type { Sampler } from './sampler/sampler.ts';
import { startSampling, type WatchedServer } from './sampler/start-sampling.ts';

const MIN_SILENCE_MS = 10_000;

/** Runs the agent: its proxies and its health at once, and a sampler once NATS is there. */
export async function startAgent(options: { config: AgentConfig; log: Logger }): Promise<Running> {
  const { config, log } = options;
  assertSafeToListen(config.listen);
  const parts: BusParts = {};
  // Before all that waits for NATS: calls pass without it.
  const proxies = await startObservedProxies({ config, log });
  const health = await serveHealth({
    service: 'agent',
    host: config.listen.HOST,
    port: config.port,
    checks: [...readinessChecks(config, parts), ...proxies.checks],
  });
  log.info({ port: health.port, host: config.host }, 'agent listens');
  return {
    complete: startSamplingOnceConnected(options, parts, proxies),
    async close() {
      await proxies.close();
      await parts.sampler?.stop();
      await health.close();
      await parts.bus?.close();
    },
  };
}

interface BusParts {
  bus?: NatsConnection;
  sampler?: Sampler;
}

/** Waits for NATS for as long as that takes. @throws {ConfigError} when its address is none */
async function startSamplingOnceConnected(
  { config, log }: { config: AgentConfig; log: Logger },
  parts: BusParts,
  proxies: Proxies,
): Promise<void> {
  const sensor = createHostSensor();
  const bus = await connectBus({ url: config.natsUrl, name: 'agent', log, tls: config.natsTls });
  parts.bus = bus;
  parts.sampler = startSampling({
    ...{ bus, sensor, log, host: config.host, carried: proxies.running },
    servers: watchedServers(config, proxies),
    fastMs: config.sampleIntervalMs,
    idleMs: config.idleSampleIntervalMs,
    modelsIntervalMs: config.modelsIntervalMs,
    powerWatts: config.powerWatts,
  });
}

/** Ollama, and whatever else the proxies lead to. */
function watchedServers(config: AgentConfig, proxies: Pick<Proxies, 'addresses'>): WatchedServer[] {
  const servers = new Map<string, { provider: WatchedServer['provider']; proxyPorts: number[] }>([
    [config.ollamaUrl, { provider: 'ollama', proxyPorts: [] }],
  ]);
  for (const [index, { upstream }] of config.proxy.routes.entries()) {
    const url = upstream.href.replace(/\/+$/, '');
    const server = servers.get(url) ?? { provider: 'openai' as const, proxyPorts: [] };
    servers.set(url, server);
    // Where it listens in truth: a route may have asked for any free port.
    const port = Number(/:(\d+)$/.exec(proxies.addresses[index] ?? '')?.[1]);
    if (port) server.proxyPorts.push(port);
  }
  return [...servers].map(([url, server]) => ({ url, ...server }));
}

function readinessChecks(config: AgentConfig, parts: BusParts): Check[] {
  const longestMs = Math.max(config.sampleIntervalMs, config.idleSampleIntervalMs);
  const silenceMs = Math.max(MIN_SILENCE_MS, 3 * longestMs);
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
        const ageMs = parts.sampler?.sinceLastSampleMs();
        if (ageMs === undefined) return { ok: false, detail: 'no sample was published yet' };
        return { ok: ageMs < silenceMs, detail: `the last one ${Math.round(ageMs / 1000)} s ago` };
      },
    },
  ];
}
