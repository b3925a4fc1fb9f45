import type { LiveOp } from '@llm-monitor/contracts/live';
import type { Logger } from '@llm-monitor/runtime';

import type { FiguresReader } from '../adapters/figures-reader.ts';
import type { LiveFeed } from '../core/live-feed.ts';

const INTERVAL_MS = 1000;
/** Hosts and models change without a trace in the change feed. */
const IDLE_INTERVAL_MS = 5000;

/** Sends figures to the views that somebody watches: soon after something changed, and now and then. */
export function createFiguresTicker(options: {
  figures: Pick<FiguresReader, 'readTotals'>;
  feed: Pick<LiveFeed, 'position' | 'sendFigures'>;
  isWatched(demo: boolean): boolean;
  monotonicMs(): number;
  log: Pick<Logger, 'debug'>;
}): { intervalMs: number; tick(): void } {
  const views = [false, true].map((demo) => createView(demo, options));
  return {
    intervalMs: INTERVAL_MS,
    tick() {
      for (const tickView of views) tickView();
    },
  };
}

function createView(
  demo: boolean,
  { figures, feed, isWatched, monotonicMs, log }: Parameters<typeof createFiguresTicker>[0],
): () => void {
  let sentAtMs = -Infinity;
  let sentAt = '';
  let sent = new Map<string, string>();
  let isReading = false;

  const send = async (isFull: boolean): Promise<void> => {
    const at = feed.position().join();
    const ops = await figures.readTotals(demo);
    const changed = isFull ? ops : ops.filter((op) => sent.get(op[0]) !== JSON.stringify(op));
    sent = new Map(ops.map((op: LiveOp) => [op[0], JSON.stringify(op)]));
    sentAt = at;
    if (isFull) sentAtMs = monotonicMs();
    if (changed.length > 0) feed.sendFigures(demo, changed);
  };
  return () => {
    const isFull = monotonicMs() - sentAtMs >= IDLE_INTERVAL_MS;
    if (isReading || !isWatched(demo) || (!isFull && feed.position().join() === sentAt)) return;
    isReading = true;
    send(isFull)
      .catch((err: unknown) => log.debug({ err }, 'figures could not be read; again soon'))
      .finally(() => {
        isReading = false;
      });
  };
}
