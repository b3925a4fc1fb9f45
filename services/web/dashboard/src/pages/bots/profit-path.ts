/** What a line is drawn on. */
export interface LineAxis {
  fromMs: number;
  toMs: number;
  /** A point stands for so much time, which it is drawn at the end of. */
  stepMs: number;
  low: number;
  high: number;
  width: number;
  height: number;
}

/** Steps from point to point, since what was earned stays; a gap where nothing is known. */
export function profitPath(
  points: readonly { atMs: number; value: number | null }[],
  { fromMs, toMs, stepMs, low, high, width, height }: LineAxis,
): string {
  const x = (ms: number) =>
    ((Math.min(Math.max(ms, fromMs), toMs) - fromMs) / (toMs - fromMs)) * width;
  // A line that never changes lies in the middle.
  const y = (value: number) =>
    high === low ? height / 2 : height - 2 - ((value - low) / (high - low)) * (height - 4);
  let path = '';
  let isDrawing = false;
  for (const { atMs, value } of points) {
    if (value !== null) {
      const start = `${x(atMs).toFixed(1)} ${y(value).toFixed(1)}`;
      path += `${isDrawing ? 'L' : 'M'}${start}H${x(atMs + stepMs).toFixed(1)}`;
    }
    isDrawing = value !== null;
  }
  return path;
}
