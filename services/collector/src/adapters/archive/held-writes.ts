import type { StoreConnection } from '@llm-monitor/runtime';
import { Redis } from 'ioredis';

import { ArchiveError } from './archive-format.ts';

/** If this process is lost, writing goes on after this time. */
const HOLD_MS = 10_000;
const RENEW_MS = 2000;

/**
 * Lets Redis hold all writes while something is read as a whole. Collectors keep their batches, and events wait in NATS: nothing is
 * lost, it is only late.
 * @throws {ArchiveError} when Redis does not allow it
 */
export async function withHeldWrites<T>(
  redis: StoreConnection,
  read: (isHeld: () => boolean) => Promise<T>,
): Promise<T> {
  const nodes = redis instanceof Redis ? [redis] : redis.nodes('master');
  const hold = async () => {
    for (const node of nodes) await node.call('CLIENT', 'PAUSE', HOLD_MS, 'WRITE');
    renewedAtMs = performance.now();
  };
  let renewedAtMs = 0;
  try {
    await hold();
  } catch (cause) {
    throw new ArchiveError(
      `Redis does not let this user hold writes (${(cause as Error).message}). Name one in REDIS_URL that may CLIENT PAUSE.`,
      { cause },
    );
  }
  const timer = setInterval(() => void hold().catch(() => undefined), RENEW_MS);
  try {
    return await read(() => performance.now() - renewedAtMs < HOLD_MS);
  } finally {
    clearInterval(timer);
    for (const node of nodes) await node.call('CLIENT', 'UNPAUSE').catch(() => undefined);
  }
}
