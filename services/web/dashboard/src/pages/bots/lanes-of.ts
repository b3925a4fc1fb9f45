/** Something that lasted. */
export interface Lasting {
  startMs: number;
  endMs: number;
}

/** Where it lies on an axis of time: percent of the whole, and in which lane. */
export interface Placed<T> {
  what: T;
  left: number;
  width: number;
  lane: number;
}

/**
 * Places what lasted on one axis, cut to it; what overlaps lies in lanes of its own, of which there are no more than `most`: then
 * the lane that is free first is taken.
 */
export function lanesOf<T extends Lasting>(
  all: readonly T[],
  axis: { fromMs: number; toMs: number },
  most: number,
): { placed: Placed<T>[]; lanes: number } {
  const { fromMs, toMs } = axis;
  const laneEnds: number[] = [];
  const placed = all
    .filter(({ startMs, endMs }) => endMs >= fromMs && startMs <= toMs)
    .toSorted((a, b) => a.startMs - b.startMs)
    .map((what) => {
      const lane = freeLane(laneEnds, what.startMs, most);
      laneEnds[lane] = Math.max(laneEnds[lane] ?? 0, what.endMs);
      const percent = (ms: number) =>
        (100 * (Math.min(Math.max(ms, fromMs), toMs) - fromMs)) / (toMs - fromMs);
      const left = percent(what.startMs);
      return { what, lane, left, width: percent(what.endMs) - left };
    });
  return { placed, lanes: laneEnds.length };
}

function freeLane(ends: readonly number[], startMs: number, most: number): number {
  const free = ends.findIndex((end) => end <= startMs);
  if (free >= 0) return free;
  return ends.length < most ? ends.length : ends.indexOf(Math.min(...ends));
}
