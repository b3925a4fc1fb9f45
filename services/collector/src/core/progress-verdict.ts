/** What the broker said of the consumer at one moment. */
export interface Reading {
  atMs: number;
  /** Messages that wait. */
  pending: number;
  /** Messages handed out, not yet acked. */
  ackPending: number;
  ackFloor: number;
}

/** More than this waiting means that what is known is old. */
const MOST_WAITING = 500;

/** Is a consumer about as far as its stream? Little waits, and what was handed out since the reading before is acked by and by. */
export function keepsUp(now: Reading, before: Reading | undefined): boolean {
  if (now.pending > MOST_WAITING) return false;
  return now.ackPending === 0 || before === undefined || now.ackFloor !== before.ackFloor;
}

/** Is work done? The backlog is zero, or the ack floor has moved within `stallMs`. */
export function judgeProgress(
  readings: { last: Reading; floorMovedAtMs: number } | undefined,
  nowMs: number,
  stallMs: number,
): { ok: boolean; detail: string } {
  if (!readings)
    return { ok: false, detail: 'the broker has not yet said how far the consumer is' };
  const { last, floorMovedAtMs } = readings;
  const backlog = last.pending + last.ackPending;
  const age = nowMs - last.atMs;
  if (age > stallMs)
    return { ok: false, detail: `no word from the broker for ${seconds(age)}: is NATS up?` };
  if (backlog === 0) return { ok: true, detail: 'all events are collected' };
  const still = nowMs - floorMovedAtMs;
  if (still <= stallMs) return { ok: true, detail: `${backlog} events to go` };
  return {
    ok: false,
    detail: `${backlog} events wait and none was collected for ${seconds(still)}: is Redis up, and does it take writes?`,
  };
}

const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
