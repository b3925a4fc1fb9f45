import { createHash } from 'node:crypto';

import type { Redis } from 'ioredis';

/** A Lua script that is sent by its hash, and whole when the server does not know it (it forgets at a restart). */
export interface Script {
  run(keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
}

export function createScript(redis: Redis, source: string): Script {
  const hash = createHash('sha1').update(source).digest('hex');
  return {
    async run(keys, args) {
      try {
        return await redis.evalsha(hash, keys.length, ...keys, ...args);
      } catch (error) {
        if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
        return redis.eval(source, keys.length, ...keys, ...args);
      }
    },
  };
}
