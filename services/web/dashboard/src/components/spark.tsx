import { useLayoutEffect, useRef } from 'preact/hooks';

import { useApp } from '../app-context.ts';

const EVERY_MS = 500;
const WIDTH = 60;
const HEIGHT = 16;

interface SparkProps {
  /** oldest first; null is a gap */
  values: () => readonly (number | null)[];
  /** values that the whole width stands for */
  points: number;
}

/** A small line that draws itself twice a second, past the renderer. Decoration: the figure stands beside it. */
export function Spark({ values, points }: SparkProps) {
  const { ticker } = useApp().feed;
  const path = useRef<SVGPathElement>(null);
  const latest = useRef(values);
  latest.current = values;
  useLayoutEffect(() => {
    let drawnAtMs = -Infinity;
    return ticker.subscribe(() => {
      const nowMs = performance.now();
      if (nowMs - drawnAtMs < EVERY_MS) return;
      drawnAtMs = nowMs;
      path.current?.setAttribute('d', sparkPath(latest.current(), points));
    });
  }, [ticker, points]);
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path ref={path} d={sparkPath(values(), points)} />
    </svg>
  );
}

/** From the right, where the newest stands; from 0 up to the highest. */
export function sparkPath(values: readonly (number | null)[], points: number): string {
  const shown = values.slice(-points);
  const highest = Math.max(...shown.map((value) => value ?? 0), 1e-9);
  const left = points - shown.length;
  let path = '';
  let isDrawing = false;
  shown.forEach((value, i) => {
    if (value !== null) {
      const x = ((left + i) * WIDTH) / (points - 1);
      const y = HEIGHT - 1 - (value / highest) * (HEIGHT - 2);
      path += `${isDrawing ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
    }
    isDrawing = value !== null;
  });
  return path;
}
