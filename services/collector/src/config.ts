import { PORTS } from '@llm-monitor/contracts/bus';
import { commonConfig, Port } from '@llm-monitor/runtime';
import { Type, type Static } from '@llm-monitor/contracts/typebox';

const ms = (byDefault: number) => Type.Integer({ minimum: 50, default: byDefault });
/** Timers take no more: what is above they take for nothing at all. */
const MAX_TIMER_MS = 2_000_000_000;
const timerMs = (byDefault: number) =>
  Type.Integer({ minimum: 50, maximum: MAX_TIMER_MS, default: byDefault });

/** The collector's environment. Windows are configurable so that tests need not wait for them. */
export const CollectorConfig = Type.Object({
  ...commonConfig,
  PORT: Port(PORTS.collector),
  /** Copies of each stream in a NATS cluster. */
  NATS_REPLICAS: Type.Integer({ minimum: 1, maximum: 5, default: 1 }),
  /** The broker delivers again what was not acked in this time. */
  ACK_WAIT_MS: timerMs(30_000),
  /** Most unacked messages over all collectors together. */
  MAX_ACK_PENDING: Type.Integer({ minimum: 100, maximum: 1_000_000, default: 20_000 }),
  /** Most events in one batch. */
  BATCH_MAX: Type.Integer({ minimum: 1, maximum: 2000, default: 1000 }),
  /** A running call of an app that beats is orphaned after this silence. */
  LEASE_MS: ms(35_000),
  /** The same for an app that never beats and gave no time-out. */
  DEFAULT_LEASE_MS: ms(30 * 60_000),
  SWEEP_INTERVAL_MS: timerMs(2000),
  /** Not ready when there is a backlog and nothing was acked for so long. */
  STALL_MS: ms(15_000),
  /** Replicas of a Redis shard that must have a batch before it counts as stored. */
  REDIS_WAIT_REPLICAS: Type.Integer({ minimum: 0, maximum: 5, default: 0 }),
  /** After a failover of a Redis Cluster: how far back events are applied again where the store does not say; 0 switches it off. */
  REPLAY_AFTER_FAILOVER_MS: Type.Integer({ minimum: 0, default: 5 * 60_000 }),
  RETENTION_DAYS: Type.Number({ exclusiveMinimum: 0, maximum: 3650, default: 7 }),
  /** Most calls in the history, over all shards; the oldest go. 0: as many as Redis has room for. */
  MAX_REQUESTS: Type.Integer({ minimum: 0, default: 0 }),
  /** How often the history is brought within its limits. */
  PRUNE_INTERVAL_MS: timerMs(2000),
  /** Entries of the change feed in each shard: how far back a dashboard can resume. */
  FEED_MAX_ENTRIES: Type.Integer({ minimum: 16, default: 1024 }),
  /** For the tests' negative control only: applies events without looking whether they were applied before. */
  UNSAFE_NO_DEDUPE: Type.Boolean({ default: false }),
});
export type CollectorConfig = Static<typeof CollectorConfig>;
