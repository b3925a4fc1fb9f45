import type { Keys } from '@llm-monitor/contracts/redis';

import type { StoreConnection } from './store.ts';

const EVERY_MS = 1000;

/** Which generation of the store is the present one. */
export async function readGeneration(redis: StoreConnection, keys: Keys): Promise<number> {
  const text = await redis.get(keys.global.generation);
  const generation = Number(text ?? 1);
  return Number.isSafeInteger(generation) && generation > 0 ? generation : 1;
}

/**
 * Lets `keys` build the keys of the present generation, now and whenever a rebuild has made another one the present one.
 * The first look is awaited; where Redis does not answer it, a later one will.
 * @param options.onChange after `keys` was told
 */
export async function followGeneration(options: {
  redis: StoreConnection;
  keys: Keys;
  onChange?: (generation: number) => void;
}): Promise<{ stop(): void }> {
  const { redis, keys, onChange } = options;
  const look = async () => {
    const generation = await readGeneration(redis, keys);
    if (generation === keys.generation) return;
    keys.use(generation);
    onChange?.(generation);
  };
  // Redis may be away for a while; what is known stays.
  const timer = setInterval(() => void look().catch(() => undefined), EVERY_MS);
  timer.unref();
  await look().catch(() => undefined);
  return { stop: () => clearInterval(timer) };
}
