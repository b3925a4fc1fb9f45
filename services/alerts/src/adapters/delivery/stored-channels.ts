import type { ChannelKind, StoredChannel } from '@llm-monitor/contracts/alerts';
import type { Keys } from '@llm-monitor/contracts/redis';
import type { StoreConnection } from '@llm-monitor/runtime';

/** The channels that people set, by their ids. */
export async function readChannels(
  redis: StoreConnection,
  keys: Keys,
): Promise<Map<string, StoredChannel>> {
  const all = await redis.hgetall(keys.global.alertChannels);
  return new Map(Object.entries(all).map(([id, text]) => [id, JSON.parse(text) as StoredChannel]));
}

/** Says which kinds of channels there can be, so that the API can check settings and forms can be made. */
export async function announceKinds(
  redis: StoreConnection,
  keys: Keys,
  channels: readonly ChannelKind[],
): Promise<void> {
  const kinds: ChannelKind[] = channels.map(({ kind, title, description, settings }) => ({
    ...{ kind, title, description, settings },
  }));
  await redis.set(keys.global.alertChannelKinds, JSON.stringify(kinds));
}
