/** What the broker said of the consumer at one moment. */
export interface Reading {
  atMs: number;
  /** Messages that wait. */
  pending: number;
  /** Messages handed out, not yet acked. */
  ackPending: number;
  ackFloor: number;
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
