import { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';

import { startRedis, type RedisServer } from './start-redis.ts';

/** Starts a Redis before the first test of a file, gives a connection to `keep`, and ends both after the last. */
export function useRedis(keep: (redis: Redis) => void): void {
  let server: RedisServer | undefined;
  let redis: Redis | undefined;
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url);
    keep(redis);
  });
  afterAll(async () => {
    redis?.disconnect();
    await server?.stop();
  });
}
