import {
  followStoreClock,
  type Check,
  type Logger,
  type StoreConnection,
} from '@llm-monitor/runtime';

import { createBrokerClock, type BrokerClock } from './broker-clock.ts';

/** The clocks that a collector has to do with: its own, that of Redis, and that of NATS. */
export interface Clocks {
  /** The time that all services share. ms since 1970 */
  nowMs(): number;
  /** By the earliest of the three: what is removed by its age is gone for good, whichever of them is wrong. */
  earliestMs(): number;
  hear: BrokerClock['hear'];
  checks: readonly Check[];
  stop(): void;
}

export async function startClocks(options: {
  redis: StoreConnection;
  log: Logger;
}): Promise<Clocks> {
  const store = followStoreClock(options);
  await store.measure();
  const { nowMs } = store;
  const broker = createBrokerClock({ nowMs, log: options.log });
  return {
    nowMs,
    earliestMs: () => Math.min(store.earliestMs(), broker.earliestMs()),
    hear: broker.hear,
    checks: [store.check, broker.check],
    stop: store.stop,
  };
}
