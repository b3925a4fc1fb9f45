import type { StoredLoss } from '@llm-monitor/contracts/redis';

/** What the broker says of a stream and its consumer at one moment. */
export interface StreamReading {
  /** Sequence of the oldest message that is kept; one more than the last, when none is. */
  first: number;
  /** Sequence of the last message handed out. */
  delivered: number;
  /** Messages handed out, those again included, since the consumer was made. */
  deliveries: number;
  /** Of these, again, as the collectors counted them. */
  redeliveries: number;
  /** Messages handed out to collectors that are gone with them: nobody will apply these. */
  abandoned: number;
}

/**
 * What was lost up to now: messages that the stream dropped before they were handed out. The consumer jumps over them, so its
 * sequence moves on by more than it handed out. Pure.
 * @param before what was known at the reading before; undefined for the first one
 */
export function judgeLoss(before: StoredLoss | undefined, now: StreamReading): StoredLoss {
  const { first, delivered, deliveries, redeliveries } = now;
  const sought = before?.abandonedUpTo ?? 0;
  const abandoned = first > delivered && delivered > sought ? now.abandoned : 0;
  return {
    ...{ delivered, deliveries, redeliveries },
    lost: (before?.lost ?? 0) + abandoned + (before ? skipped(before, now) : 0),
    ...(abandoned > 0 || sought > 0 ? { abandonedUpTo: abandoned > 0 ? delivered : sought } : {}),
  };
}

function skipped(before: StoredLoss, now: StreamReading): number {
  const { first, delivered, deliveries, redeliveries } = now;
  if (first - 1 <= before.delivered) return 0;
  // A consumer that was made again begins to count at nothing.
  const isNew = delivered < before.delivered || deliveries < before.deliveries;
  if (isNew) return first - 1 - before.delivered;
  const handedOut = deliveries - before.deliveries - (redeliveries - before.redeliveries);
  return Math.max(0, delivered - before.delivered - handedOut);
}
