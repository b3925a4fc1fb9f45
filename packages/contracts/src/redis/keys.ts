import { keyPart } from './members.ts';

/** Phase bits of a request. They are the dedupe: an event whose bit is set was counted. */
export const BITS = { start: 1, firstToken: 2, end: 4, orphan: 8 } as const;

/** Has an end, or the finding that no end will come, been counted? */
export function isEndedBits(bits: number): boolean {
  return (bits & (BITS.end | BITS.orphan)) !== 0;
}

/** Seconds that each kind of key is kept. */
export const TTL_SECONDS = {
  minuteRollup: 48 * 3600,
  hourRollup: 90 * 24 * 3600,
  /** Ended calls leave it at once: this is for what stands still, and must be known for longer than anybody waits for a token. */
  live: 3600,
  hostSeries: 48 * 3600,
  botSeries: 7 * 24 * 3600,
  botTrades: 30 * 24 * 3600,
} as const;

/** Most model × app × host combinations of one bucket in one shard; further ones are counted under `other`. */
export const MAX_ROLLUP_COMBINATIONS = 1000;

/** Most of what happened to one bot's trades that is kept; the oldest goes first. */
export const MAX_BOT_TRADES = 1000;

/** The name that stands for combinations beyond the cap. */
export const OTHER = 'other';

/** A span of time that a rollup covers: `m<minutes since 1970>` or `h<hours since 1970>`. */
export type Bucket = `m${number}` | `h${number}`;

/** In the place of a bucket: all time, from when the store is. What counters are made of that others read, which may never shrink. */
export const LIFETIME = 'all';

/** The bucket that a time is in, ms since 1970. */
export const minuteBucket = (ms: number): Bucket => `m${Math.floor(ms / 60_000)}`;
export const hourBucket = (ms: number): Bucket => `h${Math.floor(ms / 3_600_000)}`;

/** Keys of one shard. The braces are a Redis Cluster hash tag: every key of a shard is in one slot. */
export interface ShardKeys {
  /** Before every key of the shard; the script builds keys from it that only it can know. */
  prefix: string;
  /** hash: phase bits and fields of a request */
  request(app: string, id: string): string;
  /** zset: request member → lease expiry, ms */
  active: string;
  /** hash: request member → last progress (JSON), of running calls */
  live: string;
  /** hash: `<app>:<instance>` → last heartbeat, ms (broker's clock) */
  beats: string;
  /** set: app names seen, so that a request is found by its id alone */
  apps: string;
  /** hash: counts of one bucket and combination */
  rollup(bucket: Bucket | typeof LIFETIME, member: string): string;
  /** set: members of the rollups of one bucket */
  rollupIndex(bucket: Bucket | typeof LIFETIME): string;
  /** hash: all-time counts, demo traffic apart */
  totals(demo: boolean): string;
  /** zset: end time, ms → request member. Of an hour since 1970; of a sixteenth of one (its beginning, as a fraction) where the hour is in parts. */
  history(hour: number): string;
  /** set: hours that have a history */
  historyHours: string;
  /** zset: those of which it is in parts, see `historyLists` */
  historyParted: string;
  /** stream: the change feed */
  feed: string;
  /** hash: calls that the history no longer has, by why (`retention`, `maxRequests`, `memory`), `lastAtMs`, `oldestKeptAtMs`. Outlives generations. */
  shed: string;
  /** hash: which server was primary (`id`), up to where of the stream it had all (`floor`), who makes up for a failover (`by`, `until`). Outlives generations. */
  primary: string;
}

/** Keys that exist once; they live in shard 0. All but the epoch outlive generations: they do not come from requests. */
export interface GlobalKeys {
  /** string: a random name of this store's life; a new one means that every reader starts afresh */
  epoch: string;
  /** string: the number of shards that the store was made with */
  shards: string;
  /** string: from when on collectors may write what versions before cannot read, ms since 1970 */
  shortFrom: string;
  /** string: from when on they may write counts in blocks, ms since 1970 */
  blocksFrom: string;
  /** string: from when on they may write an entry of the change feed as one value, ms since 1970 */
  joinedFrom: string;
  /** string: which generation is the present one; none is the first */
  generation: string;
  /** string, with a TTL: who rebuilds at the moment (JSON) */
  rebuild: string;
  /** hash: host → last sample (JSON) */
  hosts: string;
  /** hash: `<host>|<server address>` → last list of models (JSON) */
  models: string;
  /** hash: `<app>:<instance>` → last heartbeat (JSON) */
  instances: string;
  /** hash: collector → last sign of life (JSON) */
  collectors: string;
  /** hash: stream → what it dropped before it was collected (JSON); `<stream>:redeliveries` → a count */
  losses: string;
  /** hash: rule id → alert rule (JSON). People set them by the API. */
  alertRules: string;
  /** set: ids of ready rules that were written once; a deleted one does not come back */
  alertRulesWritten: string;
  /** hash: channel id → channel (JSON, with its secrets) */
  alertChannels: string;
  /** string, with a TTL: which replica of the alerts evaluates */
  alertLease: string;
  /** hash: alert id → what is pending or fires (JSON) */
  alertStates: string;
  /** stream, capped: what fired and was resolved */
  alertLog: string;
  /** string: prices of energy and of tokens elsewhere (JSON). The API writes it. */
  costs: string;
  /** string, with a TTL: which replica of the alerts judges running calls */
  verdictLease: string;
  /** hash, with a TTL: request member → what was found of a running call (JSON) */
  verdicts: string;
  /** hash: request member → what was found of an ended call (JSON); the last ones only */
  endedVerdicts: string;
  /** zset: request member → when its call ended, ms; of those in the hash */
  endedVerdictTimes: string;
  /** hash: bot → last sample (JSON) */
  bots: string;
  /** hash, capped: `<trade>:<kind>:<source>` → what happened to a trade of one bot (JSON) */
  botTrades(bot: string): string;
  /** hash: minute → profit (JSON) of one bot and hour */
  botSeries(bot: string, hour: number): string;
  /** hash: what is to be published, or handed to the channels, and is not yet (JSON) */
  alertHandover: string;
  /** hash: metric → what its reader remembers (JSON) */
  alertMemory: string;
  /** hash: when rules were last looked at, and by whom */
  alertStatus: string;
  /** zset: channel id → when there is next something to do for it, ms: to send, to try again, or to take over from a sender that is gone */
  alertOutbox: string;
  /** stream: notifications that a channel has not told yet (field `n`, JSON) */
  alertOutboxOf(channel: string): string;
  /** hash: the message that a channel is telling: `id`, its entries (`first`, `last`), `attempt`, `since`, who sends it (`by`); `notBefore`: of the next one */
  alertDelivery(channel: string): string;
  /** string, with a TTL: this notification was handed to this channel */
  alertTold(channel: string, notification: string): string;
  /** hash: how channels do: `<channel>|` and `sentAt`, `error` (JSON), `sent`, `failed` or `lost` */
  alertChannelStates: string;
  /** string: the kinds of channels that the alerts know (JSON) */
  alertChannelKinds: string;
  /** hash: minute → sample (JSON) of one host and hour; `<minute>:<server>` → models in memory (JSON) */
  hostSeries(host: string, hour: number): string;
}

/** What comes before the hash tag of a generation's keys: nothing for the first, which is 1. */
export const generationPrefix = (generation: number): string =>
  generation > 1 ? `g${generation}:` : '';

/** Builds every key; no other file spells one. A rebuild fills a generation of its own beside the present one. */
export interface Keys {
  readonly shards: number;
  readonly generation: number;
  shard(index: number): ShardKeys;
  readonly global: GlobalKeys;
  /** From now on builds keys of another generation. Whoever keeps a key, and not this object, keeps the old one. */
  use(generation: number): void;
}

/** @param options.generation default: 1 */
export function createKeys(options: { shards: number; generation?: number }): Keys {
  const { shards } = options;
  let generation = options.generation ?? 1;
  let built = buildKeys(shards, generation);
  return {
    shards,
    get generation() {
      return generation;
    },
    get global() {
      return built.global;
    },
    shard(index) {
      const keys = built.shards[index];
      if (!keys) throw new RangeError(`there is no shard ${index}`);
      return keys;
    },
    use(next) {
      generation = next;
      built = buildKeys(shards, next);
    },
  };
}

function buildKeys(
  shards: number,
  generation: number,
): { shards: ShardKeys[]; global: GlobalKeys } {
  const base = generationPrefix(generation);
  const once = '{s0}:';
  return {
    shards: Array.from({ length: shards }, (_, index) => buildShardKeys(base, index)),
    global: {
      epoch: `${base}{s0}:epoch`,
      shards: `${once}shards`,
      shortFrom: `${once}short-from`,
      blocksFrom: `${once}blocks-from`,
      joinedFrom: `${once}joined-from`,
      generation: `${once}generation`,
      rebuild: `${once}rebuild`,
      hosts: `${once}hosts`,
      models: `${once}models`,
      instances: `${once}instances`,
      collectors: `${once}collectors`,
      losses: `${once}losses`,
      alertRules: `${once}settings:alert-rules`,
      alertRulesWritten: `${once}settings:alert-rules-written`,
      alertChannels: 'secret:{s0}:settings:alert-channels',
      alertLease: `${once}alerts:lease`,
      alertStates: `${once}alerts:states`,
      alertLog: `${once}alerts:log`,
      costs: `${once}settings:costs`,
      verdictLease: `${once}verdicts:lease`,
      verdicts: `${once}verdicts:running`,
      endedVerdicts: `${once}verdicts:ended`,
      endedVerdictTimes: `${once}verdicts:ended-times`,
      bots: `${once}bots`,
      botTrades: (bot) => `${once}bot-trades:${keyPart(bot)}`,
      botSeries: (bot, hour) => `${once}bot:${keyPart(bot)}:${hour}`,
      alertHandover: `${once}alerts:handover`,
      alertMemory: `${once}alerts:memory`,
      alertStatus: `${once}alerts:status`,
      alertOutbox: `${once}alerts:outbox`,
      alertOutboxOf: (channel) => `${once}alerts:outbox:${keyPart(channel)}`,
      alertDelivery: (channel) => `${once}alerts:delivery:${keyPart(channel)}`,
      alertTold: (channel, notification) =>
        `${once}alerts:told:${keyPart(channel)}:${keyPart(notification)}`,
      alertChannelStates: `${once}alerts:channel-states`,
      alertChannelKinds: `${once}alerts:channel-kinds`,
      hostSeries: (host, hour) => `${once}host:${keyPart(host)}:${hour}`,
    },
  };
}

function buildShardKeys(base: string, index: number): ShardKeys {
  const tag = `${base}{s${index}}:`;
  return {
    prefix: tag,
    request: (app, id) => `${tag}req:${app}:${id}`,
    active: `${tag}active`,
    live: `${tag}live`,
    beats: `${tag}beats`,
    apps: `${tag}apps`,
    rollup: (bucket, member) => `${tag}roll:${bucket}:${member}`,
    rollupIndex: (bucket) => `${tag}rolls:${bucket}`,
    totals: (demo) => (demo ? `${tag}totals:demo` : `${tag}totals`),
    history: (hour) => `${tag}hist:${hour}`,
    historyHours: `${tag}hist`,
    historyParted: `${tag}hist-parted`,
    feed: `${tag}feed`,
    shed: `{s${index}}:shed`,
    primary: `{s${index}}:primary`,
  };
}

/** string (JSON), outside of generations: who logged in to the dashboard. The web service writes it. @param idHash SHA-256 of the session's id, hex */
export const sessionKey = (idHash: string): string => `{s0}:session:${idHash}`;
