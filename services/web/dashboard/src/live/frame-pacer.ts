/** Nobody reads faster than this, and to draw a thousand changing calls more often costs more than it shows. */
const BETWEEN_FLUSHES_MS = 100;
const MOST_BETWEEN_FLUSHES_MS = 200;
/** Some systems paint nothing while a window is covered or the screen is off, and call it visible all the same. */
const LATEST_MS = 1000;
/** A flush is followed by so many times its own cost of rest, so that the page stays quick to the touch. */
const REST = 7;

/** Lets something run before a paint: the first at once, then ten times a second at most, and more rarely where it is costly. */
export function createFramePacer(window: Window): (flush: () => void) => void {
  let flushedAt = -Infinity;
  let betweenMs = BETWEEN_FLUSHES_MS;
  return (flush) => {
    const run = () => {
      const began = window.performance.now();
      flushedAt = began;
      flush();
      // After what the flush changed is drawn.
      window.setTimeout(() => {
        const costMs = window.performance.now() - began;
        betweenMs = Math.min(
          MOST_BETWEEN_FLUSHES_MS,
          Math.max(BETWEEN_FLUSHES_MS, costMs * (REST + 1)),
        );
      });
    };
    const beforePaint = () => {
      // A hidden tab paints no frames.
      if (window.document.hidden) return run();
      const late = window.setTimeout(() => {
        window.cancelAnimationFrame(painted);
        run();
      }, LATEST_MS);
      const painted = window.requestAnimationFrame(() => {
        window.clearTimeout(late);
        run();
      });
    };
    const waitMs = flushedAt + betweenMs - window.performance.now();
    if (waitMs > 0) window.setTimeout(beforePaint, waitMs);
    else if (window.document.hidden) window.setTimeout(run, 0);
    else beforePaint();
  };
}
