/** Nobody reads faster than this, and to draw a thousand changing calls more often costs more than it shows. */
const BETWEEN_FLUSHES_MS = 100;

/** Lets something run before a paint: the first at once, then ten times a second at most. */
export function createFramePacer(window: Window): (flush: () => void) => void {
  let flushedAt = -Infinity;
  return (flush) => {
    const run = () => {
      flushedAt = window.performance.now();
      flush();
    };
    // A hidden tab paints no frames.
    const beforePaint = () =>
      window.document.hidden ? run() : void window.requestAnimationFrame(run);
    const waitMs = flushedAt + BETWEEN_FLUSHES_MS - window.performance.now();
    if (waitMs > 0) window.setTimeout(beforePaint, waitMs);
    else if (window.document.hidden) window.setTimeout(run, 0);
    else beforePaint();
  };
}
