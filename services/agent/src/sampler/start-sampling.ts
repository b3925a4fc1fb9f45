import { hostname, networkInterfaces, platform } from 'node:os';

import { WATCHED_SUBJECT } from '@llm-monitor/contracts/bus';
import type { Logger } from '@llm-monitor/runtime';
import type { NatsConnection } from '@nats-io/transport-node';

import { followCallEvents } from '../adapters/call-events.ts';
import { createGpuSensor } from '../adapters/gpu-sensor.ts';
import type { HostSensor } from '../adapters/host-sensor.ts';
import type { InferenceServer } from '../adapters/inference-server.ts';
import { createOllamaServer } from '../adapters/ollama-server.ts';
import { createOpenAiServer } from '../adapters/openai-server.ts';
import { createProcessSensor } from '../adapters/process-sensor.ts';
import { createTelemetryPublisher } from '../adapters/telemetry-publisher.ts';
import { shownAddress } from '../core/ollama-address.ts';
import { wattsOf } from '../core/gpus.ts';
import { sampleInterval } from '../core/sample-pace.ts';
import { isThisMachine, type ThisMachine } from '../core/server-place.ts';
import { followCalls, type CarriedCalls } from './follow-calls.ts';
import { observeServer } from './observe-server.ts';
import { startSampler, type Sampler } from './sampler.ts';
import { createUsageReader, type UsageReader } from './usage-reader.ts';
import { watchServer } from './watch-server.ts';

/** The load is measured between two looks; this is long enough for a first figure. */
const FIRST_SAMPLE_MS = 250;
/** Soon after a call's end its figures are told, yet many calls must not mean many samples. */
const END_SAMPLE_MS = 1000;
const GPU_INTERVAL_MS = 5000;

/** A server to watch, and the ports of this machine on which the agent passes calls on to it. */
export interface WatchedServer {
  url: string;
  provider: 'ollama' | 'openai';
  proxyPorts: readonly number[];
}

export interface SamplingOptions {
  bus: NatsConnection;
  sensor: HostSensor;
  servers: readonly WatchedServer[];
  carried: CarriedCalls;
  host: string;
  fastMs: number;
  idleMs: number;
  modelsIntervalMs: number;
  /** What the machine draws while it works, where no GPU says; null: not known. */
  powerWatts: number | null;
  log: Logger;
}

/** Samples this machine and its servers, and follows the calls that run on them. */
export function startSampling(options: SamplingOptions): Sampler {
  const { bus, host, log, fastMs, idleMs } = options;
  const publish = createTelemetryPublisher(bus, host);
  const gpus = createGpuSensor({ everyMs: Math.max(GPU_INTERVAL_MS, fastMs), log });
  const machine = describeMachine(host);
  const places = options.servers.map(({ url, proxyPorts }) => placeOf(url, proxyPorts));
  const readers = places.map(({ hostname: name, port }, index): UsageReader | undefined => {
    if (!isThisMachine(name, machine)) return undefined;
    const processes = createProcessSensor({ port, platform: platform() });
    return createUsageReader(processes, (usage) => calls.noteUsage(index, usage));
  });
  let watchedAtMs: number | undefined;

  const calls = followCalls({
    ...{ servers: places, machine, carried: options.carried },
    usageOf: (server) => readers[server],
    onBegun: () => sampler.hurry(fastMs),
    onEnded: () => sampler.hurry(Math.min(END_SAMPLE_MS, fastMs)),
  });
  const observed = options.servers.map((server, index) => {
    const address = places[index]?.address ?? '';
    const watch = watchServer({
      ...{ server: connectTo(server), address, host, publish },
      listIntervalMs: options.modelsIntervalMs,
    });
    const tracked = () => calls.trackedOn(index);
    const running = () => calls.runningOn(index);
    return observeServer({
      watch,
      usage: readers[index],
      tracked,
      running,
      host,
      address,
      publish,
    });
  });

  const sample = async (nowMs: number) => {
    const cards = gpus.read(nowMs);
    calls.notePower(wattsOf(cards) ?? options.powerWatts);
    const loads = (cards ?? []).flatMap(({ loadPercent }) => loadPercent ?? []);
    const gpuPercent = loads.length > 0 ? Math.max(...loads) : null;
    const [reading, ...states] = await Promise.all([
      options.sensor.read(),
      ...observed.map((server) => server.look(nowMs, gpuPercent)),
    ]);
    if (bus.isClosed()) return;
    const unseen = observed.map((server) => server.unseenActivity()).find((one) => one);
    const requests = calls.takeResources();
    publish.hostSampled({
      ...{ host, ...reading },
      ...(cards ? { gpus: cards } : {}),
      server: states.find((state) => state !== null) ?? null,
      // Where no server answers it cannot be told.
      ...(states.some((state) => state?.reachable) ? { unseenActivity: unseen ?? null } : {}),
      ...(requests.length > 0 ? { requests } : {}),
    });
  };
  const sampler = startSampler({
    sample,
    intervalMs: () => {
      const isSuspicious = observed.some((server) => server.isSuspicious());
      const interest = { watchedAtMs, runningCalls: calls.running(), isSuspicious };
      return sampleInterval(interest, { fastMs, idleMs }, Date.now());
    },
    firstMs: Math.min(FIRST_SAMPLE_MS, fastMs),
    onError: (err) => log.warn({ err }, 'a sample was lost'),
  });

  const events = followCallEvents(bus, calls);
  const watched = bus.subscribe(WATCHED_SUBJECT, {
    callback: () => {
      watchedAtMs = Date.now();
      sampler.hurry(fastMs);
    },
  });
  return {
    ...sampler,
    async stop() {
      events.stop();
      watched.unsubscribe();
      await sampler.stop();
    },
  };
}

function connectTo({ url, provider }: WatchedServer): InferenceServer {
  return provider === 'ollama' ? createOllamaServer(url) : createOpenAiServer(url);
}

function placeOf(url: string, proxyPorts: readonly number[]) {
  const { hostname: name, port, protocol } = new URL(url);
  return {
    hostname: name,
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
    proxyPorts,
    address: shownAddress(url),
  };
}

function describeMachine(host: string): ThisMachine {
  const own = hostname().toLowerCase();
  const addresses = Object.values(networkInterfaces()).flatMap(
    (list) => list?.map(({ address }) => address.toLowerCase()) ?? [],
  );
  const label = own.split('.')[0] ?? own;
  return { names: new Set([host.toLowerCase(), own, label]), addresses: new Set(addresses) };
}
