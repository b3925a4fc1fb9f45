import { Redis } from 'ioredis';

import { ConfigError } from './config.ts';
import type { Logger } from './logger.ts';

const COMMAND_TIMEOUT_MS = 5000;
const MAX_RETRY_DELAY_MS = 1000;

/**
 * A connection to Redis that fails at once while the server is away (no queue that grows), and dials for ever.
 * @param options.url `redis://…`, `rediss://…`, or `unix:///path/to/socket`
 * @param options.blocking for blocking reads: a connection of their own, without a time-out on commands
 */
export function connectStore(options: {
  url: string;
  name: string;
  log: Logger;
  blocking?: boolean;
}): Redis {
  const redis = new Redis(storeAddress(options.url), {
    connectionName: `llm-monitor-${options.name}`,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), MAX_RETRY_DELAY_MS),
    ...(options.blocking ? {} : { commandTimeout: COMMAND_TIMEOUT_MS }),
  });
  let saidLost = false;
  redis.on('ready', () => {
    options.log.info(saidLost ? 'connected to Redis again' : 'connected to Redis');
    saidLost = false;
  });
  redis.on('error', (err: Error) => {
    if (!saidLost)
      options.log.warn({ err: err.message }, 'Redis cannot be reached; dialling until it is back');
    saidLost = true;
  });
  return redis;
}

function storeAddress(url: string): string {
  if (url.startsWith('unix://')) return url.slice('unix://'.length);
  if (/^rediss?:\/\//.test(url) || url.startsWith('/')) return url;
  throw new ConfigError(
    `REDIS_URL must start with redis://, rediss:// or unix:// (it is "${url.split('@').pop()}")`,
  );
}

/** Resolves once the connection can take commands. */
export function whenStoreReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve) => redis.once('ready', () => resolve()));
}
