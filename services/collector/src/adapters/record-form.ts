import type { Keys, RecordForm } from '@llm-monitor/contracts/redis';
import type { StoreConnection } from '@llm-monitor/runtime';

/** Readers of the version before, which know JSON alone, are replaced by then; in a rolling restart that takes minutes. */
const READERS_REPLACED_MS = 3_600_000;
const EVERY_MS = 10_000;

/** In which form requests, counts and the change feed are written. */
export interface FollowedForm {
  form(): RecordForm;
  inBlocks(): boolean;
  feedJoined(): boolean;
  stop(): void;
}

/** Names the number of shards where nobody has yet, and at once with it, in an empty store, that nobody reads it who knows no later form. */
export async function nameEmptyStore(
  redis: StoreConnection,
  { global, shards }: Keys,
  nowMs: number,
): Promise<void> {
  const forms = [global.shortFrom, nowMs, global.blocksFrom, nowMs, global.joinedFrom, nowMs];
  if ((await redis.msetnx(global.shards, shards, ...forms)) === 1) return;
  // Of a store that was wiped, who follows the form may have written the other one first.
  await redis.set(global.shards, shards, 'NX');
}

/**
 * Follows from when on later forms may be written: in a store that was empty from the beginning, in one of a version before an hour
 * after the first collector that knows them. The first look is awaited; where Redis does not answer, the former ones are written until a later one.
 */
export async function followForm(options: {
  redis: StoreConnection;
  keys: Keys;
  nowMs(): number;
}): Promise<FollowedForm> {
  const { redis, keys, nowMs } = options;
  const { shortFrom, blocksFrom, joinedFrom } = keys.global;
  const fromMs = new Map<string, number>();
  const look = async () => {
    for (const key of [shortFrom, blocksFrom, joinedFrom]) {
      const known = await redis.get(key);
      if (known === null) await redis.set(key, nowMs() + READERS_REPLACED_MS, 'NX');
      else fromMs.set(key, Number(known));
    }
  };
  const timer = setInterval(() => void look().catch(() => undefined), EVERY_MS);
  timer.unref();
  await look().catch(() => undefined);
  const isOver = (key: string) => nowMs() >= (fromMs.get(key) ?? Infinity);
  return {
    form: () => (isOver(shortFrom) ? 'short' : 'json'),
    inBlocks: () => isOver(blocksFrom),
    feedJoined: () => isOver(joinedFrom),
    stop: () => clearInterval(timer),
  };
}
