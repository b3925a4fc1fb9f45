import type { StoredHostPoint, StoredModelsPoint } from '@llm-monitor/contracts/redis';

import { readMany, type Store } from '../store.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** What was kept of one host in one minute. */
export interface HostMinute {
  host: string;
  atMs: number;
  sample?: StoredHostPoint;
  /** Server's address → what it held in memory. */
  models: Map<string, StoredModelsPoint>;
}

/** What hosts sent from `fromMs` to `toMs`, of one of them or of all, oldest first. */
export async function readHostMinutes(
  store: Store,
  span: { fromMs: number; toMs: number },
  host: string | undefined,
): Promise<HostMinute[]> {
  const hosts = host === undefined ? await store.redis.hkeys(store.keys.global.hosts) : [host];
  const asked = hosts.flatMap((each) => hoursOf(span).map((hour) => ({ host: each, hour })));
  const hashes = await readMany(
    store.redis,
    asked.map((each) => ['hgetall', store.keys.global.hostSeries(each.host, each.hour)] as const),
  );
  const minutes = asked.flatMap((each, i) =>
    parseHour(each.host, hashes[i] as Record<string, string>),
  );
  return minutes
    .filter(({ atMs }) => atMs >= span.fromMs && atMs < span.toMs)
    .sort((a, b) => a.atMs - b.atMs);
}

function hoursOf({ fromMs, toMs }: { fromMs: number; toMs: number }): number[] {
  const hours: number[] = [];
  for (let hour = Math.floor(fromMs / HOUR_MS); hour * HOUR_MS < toMs; hour++) hours.push(hour);
  return hours;
}

function parseHour(host: string, hash: Readonly<Record<string, string>>): HostMinute[] {
  const minutes = new Map<string, HostMinute>();
  for (const [field, text] of Object.entries(hash)) {
    const colon = field.indexOf(':');
    const minute = colon < 0 ? field : field.slice(0, colon);
    const into: HostMinute = minutes.get(minute) ?? {
      ...{ host, atMs: Number(minute) * MINUTE_MS, models: new Map() },
    };
    minutes.set(minute, into);
    if (colon < 0) into.sample = JSON.parse(text) as StoredHostPoint;
    else into.models.set(field.slice(colon + 1), JSON.parse(text) as StoredModelsPoint);
  }
  return [...minutes.values()];
}
