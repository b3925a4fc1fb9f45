import { Cluster, Redis } from 'ioredis';

import type { Logger } from './logger.ts';
import { parseStoreAddress, type ClusterAddress } from './store-address.ts';
import type { TlsSettings } from './tls-settings.ts';

/** A Redis, or a Redis Cluster: then commands, pipelines and scripts must each stay with the keys of one shard. */
export type StoreConnection = Redis | Cluster;

const COMMAND_TIMEOUT_MS = 5000;
const MAX_RETRY_DELAY_MS = 1000;
/** A node that hangs answers no command and so never says that its slots have moved: the others are asked. */
const SLOTS_REFRESH_MS = 2000;
/** One node may come and go many times in a failover. */
const SAY_AGAIN_MS = 10_000;

interface StoreOptions {
  url: string;
  name: string;
  log: Logger;
  blocking?: boolean;
  tls?: TlsSettings | undefined;
}

/** Why a connection is not there. What a command says then is only that it is not. */
const lastErrors = new WeakMap<StoreConnection, string>();

/**
 * A connection to Redis that fails at once while the server is away (no queue that grows), and dials for ever.
 * @param options.url `redis://…`, `rediss://…`, `unix:///path/to/socket`, or several nodes of a Redis Cluster, separated by commas
 * @param options.blocking for blocking reads: a connection of their own, without a time-out on commands
 */
export function connectStore(options: StoreOptions): StoreConnection {
  const address = parseStoreAddress(options.url);
  const redis =
    address.kind === 'cluster'
      ? connectCluster(address, options)
      : new Redis(address.url, {
          ...connectionOptions(options),
          enableOfflineQueue: false,
          retryStrategy: retryDelayMs,
        });
  let saidLost = false;
  redis.on('ready', () => {
    lastErrors.delete(redis);
    options.log.info(saidLost ? 'connected to Redis again' : 'connected to Redis');
    saidLost = false;
  });
  redis.on('error', (err: Error) => {
    lastErrors.set(redis, err.message);
    if (!saidLost)
      options.log.warn({ err: err.message }, 'Redis cannot be reached; dialling until it is back');
    saidLost = true;
  });
  return redis;
}

function connectionOptions({ name, blocking, tls }: StoreOptions) {
  return {
    ...(tls ? { tls } : {}),
    connectionName: `llm-monitor-${name}`,
    maxRetriesPerRequest: 0,
    ...(blocking ? {} : { commandTimeout: COMMAND_TIMEOUT_MS }),
  };
}

const retryDelayMs = (attempt: number) =>
  Math.min(50 * 2 ** Math.min(attempt, 6), MAX_RETRY_DELAY_MS);

/** Follows its slots to wherever they move. A command to a node that is gone is tried for about two seconds, then it fails. */
function connectCluster(address: ClusterAddress, options: StoreOptions): Cluster {
  const cluster = new Cluster(address.nodes, {
    enableOfflineQueue: false,
    clusterRetryStrategy: retryDelayMs,
    slotsRefreshInterval: SLOTS_REFRESH_MS,
    // A node is asked at its own address, whose certificate names no IP address of the cluster's own making.
    ...(address.isTls ? { dnsLookup: (host, answer) => answer(null, host) } : {}),
    redisOptions: {
      ...connectionOptions(options),
      ...(address.username === undefined ? {} : { username: address.username }),
      ...(address.password === undefined ? {} : { password: address.password }),
      ...(address.isTls ? { tls: options.tls ?? {} } : {}),
    },
  });
  const saidAtMs = new Map<string, number>();
  cluster.on('node error', (err: Error, node: string) => {
    const nowMs = Date.now();
    if (nowMs - (saidAtMs.get(node) ?? -Infinity) < SAY_AGAIN_MS) return;
    saidAtMs.set(node, nowMs);
    options.log.warn({ err: err.message, node }, 'a node of the Redis Cluster cannot be reached');
  });
  return cluster;
}

/** Resolves once the connection can take commands. */
export function whenStoreReady(redis: StoreConnection): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve) => redis.once('ready', () => resolve()));
}

/**
 * Asks whether the store answers; of a cluster, whether every slot is served.
 * @throws when not, with the reason
 */
export async function pingStore(redis: StoreConnection): Promise<void> {
  const why = lastErrors.get(redis);
  if (why !== undefined && redis.status !== 'ready') throw new Error(why);
  if (redis instanceof Redis) await redis.ping();
  else if (!(await redis.cluster('INFO')).includes('cluster_slots_ok:16384')) {
    throw new Error('a part of the Redis Cluster has no primary');
  }
}
