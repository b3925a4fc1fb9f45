import type { Host } from '@llm-monitor/contracts/rest';

import type { AlertMetricReader } from './alert-metric-reader.ts';

/** Host → model → when it was last listed, ms since 1970. */
type Listed = Record<string, Record<string, number>>;

/** The longest window of a rule; what was listed before is forgotten. */
const REMEMBERED_MS = 86_400_000;

export const modelGone: AlertMetricReader = {
  metric: 'model_gone',
  isCollected: true,
  remembers: true,
  async read({ hosts, memory, nowMs, windowMs }) {
    const present = await hosts();
    const listed = rememberListed((memory.get() ?? {}) as Listed, present, nowMs);
    memory.set(listed);
    const hostOf = new Map(present.map((host) => [host.name, host]));
    return {
      readings: Object.entries(listed).flatMap(([host, models]) =>
        Object.entries(models).map(([model, atMs]) => {
          const isGone = atMs < nowMs && nowMs - atMs <= windowMs;
          return {
            of: { model, host },
            value: isGone ? 1 : 0,
            // A server that cannot be asked has not lost what it had.
            ...(tellsItsModels(hostOf.get(host)) ? {} : { isHeld: true }),
          };
        }),
      ),
    };
  },
};

/** What was listed lately, with what is listed now; pure. */
function rememberListed(before: Listed, hosts: readonly Host[], nowMs: number): Listed {
  const listed: Listed = {};
  for (const [host, models] of Object.entries(before)) {
    const kept = Object.entries(models).filter(([, atMs]) => nowMs - atMs <= REMEMBERED_MS);
    if (kept.length > 0) listed[host] = Object.fromEntries(kept);
  }
  for (const host of hosts.filter(tellsItsModels)) {
    const now = host.models_available.map((model) => [model, nowMs] as const);
    listed[host.name] = { ...listed[host.name], ...Object.fromEntries(now) };
  }
  return listed;
}

function tellsItsModels(host: Host | undefined): boolean {
  return host !== undefined && host.online && host.server?.reachable !== false;
}
