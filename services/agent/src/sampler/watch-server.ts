import type { HostSampledData, LoadedModel, ModelsListedData } from '@llm-monitor/contracts/events';

import type { InferenceServer } from '../adapters/inference-server.ts';
import type { TelemetryPublisher } from '../adapters/telemetry-publisher.ts';
import { diffLoaded } from '../core/diff-loaded.ts';
import { isDue } from '../core/is-due.ts';

/** The whole state is told again at least this often, so that what was lost heals. */
const REPEAT_MS = 30_000;

type ServerState = HostSampledData['server'];
type Lists = Pick<ModelsListedData, 'models' | 'loaded'>;
const NOTHING: Lists = { models: [], loaded: [] };

/** Follows one inference server and publishes what it lists, loads and unloads. */
export interface ServerWatch {
  /** Looks once. Null until a server was found; afterwards one that is gone is `reachable: false`. */
  look(nowMs: number): Promise<ServerState>;
  /** What it held at the last look; undefined when it did not answer. */
  loaded(): readonly LoadedModel[] | undefined;
}

export function watchServer(options: {
  server: InferenceServer;
  address: string;
  host: string;
  publish: Pick<TelemetryPublisher, 'modelsListed' | 'modelLoaded' | 'modelUnloaded'>;
  listIntervalMs: number;
}): ServerWatch {
  const { server, publish, host } = options;
  const { provider } = server;
  let version: string | null = null;
  let found = false;
  let reachable = false;
  let lists = NOTHING;
  let listedAtMs = -Infinity;
  let said = '';
  let saidAtMs = -Infinity;

  const read = async (nowMs: number): Promise<Lists> => {
    const loaded = await server.loaded();
    const { loaded: came } = diffLoaded(lists.loaded, loaded);
    const isStale =
      !reachable || came.length > 0 || isDue(nowMs, listedAtMs, options.listIntervalMs);
    if (!isStale) return { models: lists.models, loaded };
    const [models, release] = await Promise.all([
      server.listed(),
      server.version().catch(() => null),
    ]);
    version = release;
    listedAtMs = nowMs;
    return { models, loaded };
  };

  const tell = (next: Lists, nowMs: number) => {
    const changed = diffLoaded(lists.loaded, next.loaded);
    for (const model of changed.loaded) publish.modelLoaded({ host, provider, model });
    for (const model of changed.unloaded) publish.modelUnloaded({ host, provider, model });
    lists = next;
    const state = JSON.stringify(next);
    if (state === said && !isDue(nowMs, saidAtMs, REPEAT_MS)) return;
    publish.modelsListed({ host, provider, serverAddress: options.address, ...next });
    said = state;
    saidAtMs = nowMs;
  };

  return {
    async look(nowMs) {
      const next = await read(nowMs).catch(() => undefined);
      reachable = next !== undefined;
      found ||= reachable;
      if (!found) return null;
      // A server that is gone holds nothing and offers nothing.
      tell(next ?? NOTHING, nowMs);
      return { provider, address: options.address, reachable, version };
    },
    loaded: () => (reachable ? lists.loaded : undefined),
  };
}
