import { readFileSync } from 'node:fs';

import { STREAM_DEFINITIONS, STREAMS } from '@llm-monitor/contracts/bus';
import type { ShardKeys } from '@llm-monitor/contracts/redis';
import { createScript, type StoreConnection } from '@llm-monitor/runtime';

/** Why requests go; names of the counters in the shard's `shed`. */
export type DropReason = 'retention' | 'maxRequests' | 'memory';

/** How many requests went, and how many were left alone because they run. */
export interface Dropped {
  dropped: number;
  running: number;
}

/** Lets ended requests of a shard go; those that are gone already change nothing. */
export type DropRequests = (
  shard: ShardKeys,
  members: readonly string[],
  options: {
    /** Counted under it. Without one they are deleted on purpose: then nothing of them is counted any more, whatever comes late. */
    reason?: DropReason;
    /** An hour of the history, or a part of one, that they are listed in, which is cleaned of those without a record too. */
    hour?: number;
  },
) => Promise<Dropped>;

/** An hour for those that are on their way when the stream drops them. */
const MARGIN_SECONDS = 3600;

export function createDropRequests(redis: StoreConnection): DropRequests {
  const source = readFileSync(new URL('./drop-requests.lua', import.meta.url), 'utf8');
  const script = createScript(redis, source);
  return async (shard, members, { reason, hour }) => {
    const [dropped, running] = (await script.run(
      [shard.active, shard.shed],
      [
        ...[shard.prefix, streamSeconds() + MARGIN_SECONDS, reason ? 'end' : 'now', reason ?? ''],
        ...[hour ?? '', ...members],
      ],
    )) as [number, number];
    return { dropped, running };
  };
}

/** How long the broker can deliver an event again. */
export function streamSeconds(): number {
  const requests = STREAM_DEFINITIONS.find(({ name }) => name === STREAMS.requests);
  return (requests?.max_age ?? 0) / 1e9;
}
