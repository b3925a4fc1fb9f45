import { createHash } from 'node:crypto';

import type { StoreConnection } from './store.ts';

/** A Lua script that is sent by its hash, and whole when the server does not know it (it forgets at a restart). */
export interface Script {
  run(keys: readonly string[], args: readonly (string | number | Buffer)[]): Promise<unknown>;
}

// As one list: tens of thousands of arguments do not fit on the stack.
export function createScript(redis: StoreConnection, source: string): Script {
  const hash = createHash('sha1').update(source).digest('hex');
  return {
    async run(keys, args) {
      try {
        return await redis.call('EVALSHA', [hash, keys.length, ...keys, ...args]);
      } catch (error) {
        if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
        return redis.call('EVAL', [source, keys.length, ...keys, ...args]);
      }
    },
  };
}
