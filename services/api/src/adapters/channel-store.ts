import {
  channelStateField,
  shownChannelSettings,
  type AlertChannel,
  type ChannelError,
  type ChannelKind,
  type StoredChannel,
} from '@llm-monitor/contracts/alerts';
import type { Store } from '@llm-monitor/read-model';

/** The channels that people set. The alerts say of what kinds they can be, and how they do. */
export interface ChannelStore {
  /** Undefined: no alerts service has run here yet. */
  readKinds(): Promise<ChannelKind[] | undefined>;
  read(id: string): Promise<StoredChannel | undefined>;
  count(): Promise<number>;
  /** As they are shown: without secrets, by name. */
  list(kinds: readonly ChannelKind[]): Promise<AlertChannel[]>;
  write(channel: StoredChannel): Promise<void>;
  /** False: there was none. */
  remove(id: string): Promise<boolean>;
}

export function createChannelStore({ redis, keys }: Store): ChannelStore {
  const key = keys.global.alertChannels;
  return {
    async readKinds() {
      const text = await redis.get(keys.global.alertChannelKinds);
      return text === null ? undefined : (JSON.parse(text) as ChannelKind[]);
    },
    async read(id) {
      const text = await redis.hget(key, id);
      return text === null ? undefined : (JSON.parse(text) as StoredChannel);
    },
    count: () => redis.hlen(key),
    async list(kinds) {
      const [stored, states, next] = await Promise.all([
        redis.hgetall(key),
        redis.hgetall(keys.global.alertChannelStates),
        redis.zrangebyscore(keys.global.alertOutbox, '-inf', '+inf', 'WITHSCORES'),
      ]);
      const channels = Object.values(stored).map((text) => JSON.parse(text) as StoredChannel);
      const shown = channels.map(async (channel) => {
        const waiting = await redis.xlen(keys.global.alertOutboxOf(channel.id));
        const at = next.indexOf(channel.id);
        const nextAtMs = at === -1 ? undefined : Number(next[at + 1]);
        const kind = kinds.find((one) => one.kind === channel.kind);
        return show(channel, { kind, states, waiting, nextAtMs });
      });
      return (await Promise.all(shown)).sort(
        (a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id),
      );
    },
    async write(channel) {
      await redis.hset(key, channel.id, JSON.stringify(channel));
    },
    async remove(id) {
      return (await redis.hdel(key, id)) === 1;
    },
  };
}

function show(
  channel: StoredChannel,
  known: {
    kind: ChannelKind | undefined;
    states: Record<string, string>;
    waiting: number;
    nextAtMs: number | undefined;
  },
): AlertChannel {
  const { states, waiting, nextAtMs } = known;
  const state = (what: Parameters<typeof channelStateField>[1]) =>
    states[channelStateField(channel.id, what)];
  const error = state('error');
  return {
    ...channel,
    settings: shownChannelSettings(known.kind, channel.settings),
    waiting,
    nextAt: waiting > 0 && nextAtMs !== undefined ? new Date(nextAtMs).toISOString() : null,
    lastSentAt: state('sentAt') ?? null,
    lastError: error === undefined ? null : (JSON.parse(error) as ChannelError),
    sent: Number(state('sent') ?? 0),
    failed: Number(state('failed') ?? 0),
    lost: Number(state('lost') ?? 0),
  };
}
