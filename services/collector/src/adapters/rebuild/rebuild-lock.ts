import { randomUUID } from 'node:crypto';

import type { Keys } from '@llm-monitor/contracts/redis';
import type { StoreConnection } from '@llm-monitor/runtime';

import { RebuildError } from './rebuild-error.ts';

const HELD_MS = 30_000;
const RENEW_MS = 10_000;

/** One rebuild, or restoring of a backup, at a time. Ends by itself when its process dies. */
export async function lockRebuild(
  redis: StoreConnection,
  keys: Keys,
): Promise<{ release(): Promise<void> }> {
  const key = keys.global.rebuild;
  const mine = randomUUID();
  if ((await redis.set(key, mine, 'PX', HELD_MS, 'NX')) !== 'OK') {
    throw new RebuildError(
      'Another rebuild runs, or a backup is being restored. Wait for its end; if it was killed, try again in half a minute.',
    );
  }
  const timer = setInterval(() => {
    redis.pexpire(key, HELD_MS).catch(() => undefined);
  }, RENEW_MS);
  return {
    async release() {
      clearInterval(timer);
      if ((await redis.get(key)) === mine) await redis.del(key);
    },
  };
}
