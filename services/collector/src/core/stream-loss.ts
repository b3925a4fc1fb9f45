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
  /** All up to this sequence were acknowledged, or are gone. */
  ackFloor: number;
  /** No collector worked since the reading before. */
  isAfterOutage: boolean;
}

/**
 * What was lost up to now: messages that the stream dropped before they were collected. Pure.
 * @param before what was known at the reading before; undefined for the first one
 */
export function judgeLoss(before: StoredLoss | undefined, now: StreamReading): StoredLoss {
  const { first, delivered, deliveries, redeliveries, ackFloor } = now;
  const mark = { delivered, deliveries, redeliveries, ackFloor };
  if (!before) return { ...mark, lost: 0 };
  if (!now.isAfterOutage) return { ...mark, lost: before.lost + skipped(before, now) };
  // What had been handed out then went with who had it. The consumer is about to jump over the gap: it is not to be seen twice.
  const gone = lostAfterOutage(first, before.ackFloor, ackFloor);
  return {
    ...mark,
    delivered: Math.max(delivered, first - 1),
    ackFloor: Math.max(ackFloor, first - 1),
    lost: before.lost + gone,
  };
}

/**
 * The floor that the broker names tells most, unless it was moved up to where the stream now begins; then the one of the last
 * reading, which may be some seconds older than the outage: rather too many than too few.
 */
function lostAfterOutage(first: number, floorBefore: number, floorNow: number): number {
  const floor = floorNow < first - 1 ? Math.max(floorBefore, floorNow) : floorBefore;
  return Math.max(0, first - 1 - floor);
}

/** The consumer jumps over what is gone: its place in the stream moves on by more than it hands out. */
function skipped(before: StoredLoss, now: StreamReading): number {
  const { first, delivered, deliveries, redeliveries } = now;
  if (first - 1 <= before.delivered) return 0;
  // A consumer that was made again begins to count at nothing.
  const isNew = delivered < before.delivered || deliveries < before.deliveries;
  if (isNew) return first - 1 - before.delivered;
  const handedOut = deliveries - before.deliveries - (redeliveries - before.redeliveries);
  return Math.max(0, delivered - before.delivered - handedOut);
}
