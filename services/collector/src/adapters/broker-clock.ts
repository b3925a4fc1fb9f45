import { inWords, type Check, type Logger } from '@llm-monitor/runtime';
import type { ConsumerInfo } from '@nats-io/jetstream';

/** Nearer than this the readings say nothing: what they tell of happened some time before them. */
const TOLERANCE_MS = 60_000;

/** What time it is for NATS, which places all events. */
export interface BrokerClock {
  /** Told with every reading of a consumer when something was handed out last, by the clock of NATS. */
  hear(info: Pick<ConsumerInfo, 'delivered'>): void;
  /** The time of Redis, or that of NATS where it is behind: by it everything would be older than it is. ms since 1970 */
  earliestMs(): number;
  /** Says how far the two are apart. That is no reason not to collect: it is always ok. */
  check: Check;
}

export function createBrokerClock(options: { nowMs(): number; log: Logger }): BrokerClock {
  const { nowMs, log } = options;
  let last: { activeMs: number; readAtMs: number } | undefined;
  let aheadMs = 0;
  return {
    hear({ delivered }) {
      // The types say otherwise, but it is a date.
      const activeMs = Date.parse(String(delivered.last_active));
      const readAtMs = nowMs();
      const before = last;
      if (Number.isNaN(activeMs)) return;
      last = { activeMs, readAtMs };
      // Only what has happened since the last reading tells what time it is there.
      if (!before || before.activeMs === activeMs) return;
      const found = activeMs - readAtMs;
      const isFar = Math.abs(found) > TOLERANCE_MS + Math.max(0, readAtMs - before.readAtMs);
      const was = aheadMs;
      aheadMs = isFar ? found : 0;
      if (isFar && Math.abs(aheadMs - was) > TOLERANCE_MS) log.warn(apart(aheadMs));
    },
    earliestMs: () => nowMs() + Math.min(0, aheadMs),
    check: {
      name: 'broker-clock',
      check: () => ({ ok: true, detail: aheadMs === 0 ? '' : apart(aheadMs) }),
    },
  };
}

const apart = (aheadMs: number): string =>
  `the clock of NATS, by which events are placed, is ${inWords(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} that of Redis: set the wrong one right`;
