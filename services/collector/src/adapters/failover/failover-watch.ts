import { CONSUMERS, STREAMS } from '@llm-monitor/contracts/bus';
import { shardOf, type Keys } from '@llm-monitor/contracts/redis';
import type { Logger } from '@llm-monitor/runtime';
import { JetStreamApiCodes, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';
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
  /** A shard has another primary: it may have lost heartbeats too. */
  onFailover(): void;
  nowMs(): number;
  log: Logger;
}

/**
 * Replication of Redis is asynchronous: a replica that takes over may lack what its primary had acknowledged. What lies after the
 * last note of the former primary is read from the stream again and applied to such shards; what they have, they take no second time.
 * To be started before anything is collected.
 */
export function startFailoverWatch(options: FailoverWatchOptions): { stop(): void } {
  const { primaries, log } = options;
  let isLooking = false;
  let isStopped = false;
  /** Seen at the look before → what had been delivered by then. */
  let suspected = new Map<string, number>();

  const look = async () => {
    const at = await readConsumer(options.manager);
    const found = await primaries.look(at?.floor);
    if (!at) return;
    const nameOf = ({ shard, id }: NewPrimary) => `${shard} ${id}`;
    const before = suspected;
    suspected = new Map(found.map((one) => [nameOf(one), before.get(nameOf(one)) ?? at.delivered]));
    // At the second look: until then the former primary, cut off alone, takes writes no longer.
    const sure = found.filter((primary) => before.has(nameOf(primary)));
    if (sure.length === 0) return;
    options.onFailover();
    const claimed: NewPrimary[] = [];
    for (const primary of sure) {
      if (await primaries.claim(primary.shard, options.name, CLAIM_MS)) claimed.push(primary);
    }
    const unknown = claimed.filter(({ floor }) => floor === undefined);
    const known = claimed.filter(({ floor }) => floor !== undefined);
    if (known.length > 0) {
      const afterSequence = Math.min(...known.map(({ floor }) => floor ?? 0));
      await makeUp(known, { afterSequence }, at.delivered);
    }
    if (unknown.length > 0) {
      // An empty store, above all: what is delivered from now on it has anyway.
      const through = Math.max(...unknown.map((one) => suspected.get(nameOf(one)) ?? 0));
      await makeUp(unknown, { sinceMs: options.nowMs() - options.replayMs }, through);
    }
  };

  const makeUp = async (claimed: NewPrimary[], from: ReplayStart, through: number) => {
    const shards = claimed.map(({ shard }) => shard);
    const isOfThem = new Set(shards);
    let applied = 0;
    const read =
      options.replayMs === 0
        ? 0
        : await replayEvents({
            ...options,
            from,
            through,
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
        await options.store.apply(() => events);
        return;
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

  const lookInTurn = () => {
    if (isLooking || isStopped) return;
    isLooking = true;
    look()
      .catch((err: Error) => log.warn({ err: err.message }, 'could not make up for a failover yet'))
      .finally(() => {
        isLooking = false;
      });
  };
  lookInTurn();
  const timer = setInterval(lookInTurn, INTERVAL_MS);
  return {
    stop() {
      isStopped = true;
      clearInterval(timer);
    },
  };
}

/** How far the collectors are together: 0 when they have not begun, undefined when the broker does not say. */
async function readConsumer(
  manager: JetStreamManager,
): Promise<{ floor: number; delivered: number } | undefined> {
  try {
    const info = await manager.consumers.info(STREAMS.requests, CONSUMERS.requests);
    return { floor: info.ack_floor.stream_seq, delivered: info.delivered.stream_seq };
  } catch (error) {
    const isNone =
      error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound;
    return isNone ? { floor: 0, delivered: 0 } : undefined;
  }
}
