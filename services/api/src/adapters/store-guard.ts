import type { Store } from '@llm-monitor/read-model';

/** Watches that the store was written with the same number of shards: with another one, most of it would not be found. */
export interface StoreGuard {
  /** What is wrong and what to do; undefined when all is well or Redis has not said yet. */
  readonly problem: string | undefined;
  /** Asks Redis. @throws when it does not answer */
  refresh(): Promise<void>;
}

export function createStoreGuard(store: Store): StoreGuard {
  let problem: string | undefined;
  return {
    get problem() {
      return problem;
    },
    async refresh() {
      const written = await store.redis.get(store.keys.global.shards);
      const isSame = written === null || written === String(store.keys.shards);
      problem = isSame
        ? undefined
        : `Redis was written with REDIS_SHARDS=${written}, and this service has ${store.keys.shards}. Set REDIS_SHARDS=${written} and start it again.`;
    },
  };
}

const AWAY_NAMES = new Set(['MaxRetriesPerRequestError', 'ClusterAllFailedError', 'AbortError']);
const AWAY_MESSAGE =
  /^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|NOAUTH|WRONGPASS)|Connection is closed|Command timed out|isn't writeable|isn't ready|Cluster redirections|startup nodes|ECONN|EPIPE/;

/** Does an error mean that Redis is away, rather than that we asked it something wrong? */
export function isStoreAway(connection: string, error: Error): boolean {
  return connection !== 'ready' || AWAY_NAMES.has(error.name) || AWAY_MESSAGE.test(error.message);
}
