import type { Pipeline } from '@llm-monitor/contracts/rest';

import { readInstances, sumDrops } from '../apps/instances.ts';
import { fromEachShard, type Store } from '../store.ts';
import { readCollecting, type Collecting } from './read-collecting.ts';

/** What of `GET /api/pipeline` is in the store; the rest NATS says. */
export interface PipelineStore extends Pick<
  Pipeline,
  'collectors' | 'dropped_events' | 'dropped_requests' | 'shed'
> {
  losses: Collecting['losses'];
  /** What a collector that works says is wrong. */
  problem: string | undefined;
}

export async function readPipelineStore(store: Store, nowMs: number): Promise<PipelineStore> {
  const [collecting, instances, shed] = await Promise.all([
    readCollecting(store, nowMs),
    readInstances(store, nowMs),
    readShed(store),
  ]);
  const { collectors, losses } = collecting;
  return {
    collectors: collectors.map(({ name, isOnline, report }) => ({
      name,
      online: isOnline,
      last_seen: new Date(report.seenAtMs).toISOString(),
    })),
    losses,
    problem: collectors.find(({ isOnline, report }) => isOnline && report.problem)?.report.problem,
    ...sumDrops(instances),
    shed,
  };
}

async function readShed(store: Store): Promise<Pipeline['shed']> {
  const hashes = await fromEachShard(store, (shard) =>
    store.redis.hgetall(store.keys.shard(shard).shed),
  );
  const numbers = (field: string) => hashes.flatMap((hash) => hash[field] ?? []).map(Number);
  const sum = (field: string) => numbers(field).reduce((all, one) => all + one, 0);
  const latest = (field: string) => {
    const times = numbers(field);
    return times.length > 0 ? new Date(Math.max(...times)).toISOString() : null;
  };
  return {
    retention: sum('retention'),
    max_requests: sum('maxRequests'),
    memory: sum('memory'),
    last_at: latest('lastAtMs'),
    oldest_kept_at: latest('oldestKeptAtMs'),
  };
}
