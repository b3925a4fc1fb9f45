import { shardOf, type Keys } from '@llm-monitor/contracts/redis';
import type { Logger } from '@llm-monitor/runtime';
import type { ConsumerInfo, JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import type { RequestEvent } from '../../core/parse-event.ts';
import type { RequestStore } from '../request-store.ts';
import { isStoreAway } from '../store-away.ts';
import { replayEvents, type ReplayStart } from './replay-events.ts';
import type { NewPrimary, ShardPrimaries } from './shard-primaries.ts';

const INTERVAL_MS = 2000;
const RETRY_MS = 250;
/** Renewed with each batch. When it runs out, another collector takes over. */
const CLAIM_MS = 30_000;

export interface FailoverWatchOptions {
  connection: NatsConnection;
  manager: JetStreamManager;
  primaries: ShardPrimaries;
  store: RequestStore;
  keys: Keys;
  /** This collector. */
  name: string;
  batchMax: number;
  /** How far back where no floor was noted; 0: never. */
  replayMs: number;
  /** The consumer of the requests. */
  info(): Promise<ConsumerInfo>;
  /** A shard has another primary: it may have lost heartbeats too. */
  onFailover(): void;
  nowMs(): number;
  log: Logger;
}

/**
 * Replication of Redis is asynchronous: a replica that takes over may lack what its primary had acknowledged. What lies after the
 * last note of the former primary is read from the stream again and applied to such shards; what they have, they take no second time.
 */
export function startFailoverWatch(options: FailoverWatchOptions): { stop(): void } {
  const { primaries, log } = options;
  let isLooking = false;
  let isStopped = false;
  let suspected = new Set<string>();

  const look = async () => {
    const floor = await options.info().then(
      (info) => info.ack_floor.stream_seq,
      () => undefined,
    );
    const found = await primaries.look(floor);
    const nameOf = ({ shard, id }: NewPrimary) => `${shard} ${id}`;
    // At the second look: until then the former primary, cut off alone, takes writes no longer.
    const sure = found.filter((primary) => suspected.has(nameOf(primary)));
    suspected = new Set(found.map(nameOf));
    if (sure.length === 0) return;
    options.onFailover();
    const claimed: NewPrimary[] = [];
    for (const primary of sure) {
      if (await primaries.claim(primary.shard, options.name, CLAIM_MS)) claimed.push(primary);
    }
    if (claimed.length > 0) await makeUp(claimed);
  };

  const makeUp = async (claimed: NewPrimary[]) => {
    const from = startOf(claimed, options.nowMs() - options.replayMs);
    const shards = claimed.map(({ shard }) => shard);
    const isOfThem = new Set(shards);
    let applied = 0;
    const read =
      options.replayMs === 0
        ? 0
        : await replayEvents({
            ...options,
            from,
            async onBatch(events) {
              const own = events.filter(({ id }) => isOfThem.has(shardOf(id, options.keys.shards)));
              if (own.length > 0) await applyUntilDone(own);
              applied += own.length;
              for (const shard of shards) await primaries.claim(shard, options.name, CLAIM_MS);
            },
          });
    for (const primary of claimed) await primaries.adopt(primary, options.name);
    log.warn(
      { shards, from, read, applied },
      'shards of Redis have a new primary: their last events were applied again',
    );
  };

  const applyUntilDone = async (events: RequestEvent[]): Promise<void> => {
    while (!isStopped) {
      try {
        return await options.store.apply(events);
      } catch (error) {
        if (!isStoreAway(error)) return applyApart(events);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    throw new Error('the collector ends; another one goes on');
  };

  /** What cannot be applied was dead-lettered when it first came; the others of its batch are applied without it. */
  const applyApart = async (events: RequestEvent[]): Promise<void> => {
    if (events.length < 2) return;
    const half = Math.ceil(events.length / 2);
    await applyUntilDone(events.slice(0, half));
    await applyUntilDone(events.slice(half));
  };

  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    look()
      .catch((err: Error) => log.warn({ err: err.message }, 'could not make up for a failover yet'))
      .finally(() => {
        isLooking = false;
      });
  }, INTERVAL_MS);
  return {
    stop() {
      isStopped = true;
      clearInterval(timer);
    },
  };
}

/** The lowest floor of all; where one was never noted, a time. */
function startOf(primaries: readonly NewPrimary[], sinceMs: number): ReplayStart {
  const floors = primaries.map(({ floor }) => floor);
  if (floors.includes(undefined)) return { sinceMs };
  return { afterSequence: Math.min(...floors.map((floor) => floor ?? 0)) };
}
