import { readFileSync } from 'node:fs';

import type { Keys, StoredLoss } from '@llm-monitor/contracts/redis';
import { createScript, type StoreConnection } from '@llm-monitor/runtime';

import { judgeLoss, type StreamReading } from '../core/stream-loss.ts';

/** Keeps account of what streams dropped before it was collected. All collectors write the same one. */
export interface LossLedger {
  /**
   * @param reading.redeliveries counted by this collector since it last said so
   * @returns all that is lost, and how much more that is than at the reading before
   */
  enter(stream: string, reading: StreamReading): Promise<{ loss: StoredLoss; more: number }>;
}

export function createLossLedger(redis: StoreConnection, keys: Keys): LossLedger {
  const script = createScript(
    redis,
    readFileSync(new URL('./loss-ledger.lua', import.meta.url), 'utf8'),
  );
  const { losses } = keys.global;
  return {
    async enter(stream, reading) {
      const field = `${stream}:redeliveries`;
      const redeliveries = await redis.hincrby(losses, field, reading.redeliveries);
      const found = await redis.hget(losses, stream);
      const before = found === null ? undefined : (JSON.parse(found) as StoredLoss);
      const loss = judgeLoss(before, { ...reading, redeliveries });
      const text = JSON.stringify(loss);
      if (text === found) return { loss, more: 0 };
      const isWritten = await script.run([losses], [stream, found ?? '', text]);
      // Another collector that was quicker has seen, and said, the same.
      return { loss, more: isWritten === 1 ? loss.lost - (before?.lost ?? 0) : 0 };
    },
  };
}
