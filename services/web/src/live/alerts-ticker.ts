import type { LiveOp } from '@llm-monitor/contracts/live';

import type { FiguresReader } from '../adapters/figures-reader.ts';
import type { LiveFeed } from '../core/live-feed.ts';

const INTERVAL_MS = 500;

/** Sends what fires to all views, as soon as it is another than before: it leaves no trace in the change feed. */
export function createAlertsTicker(options: {
  figures: Pick<FiguresReader, 'readAlerts'>;
  feed: Pick<LiveFeed, 'sendFigures'>;
  isWatched(demo: boolean): boolean;
}): { intervalMs: number; tick(): Promise<void> } {
  const { figures, feed, isWatched } = options;
  let sent = '';
  let isReading = false;
  return {
    intervalMs: INTERVAL_MS,
    async tick() {
      const watched = [false, true].filter(isWatched);
      // Whoever comes later gets all with the snapshot, and what is another than then once more.
      if (watched.length === 0) sent = '';
      if (isReading || watched.length === 0) return;
      isReading = true;
      try {
        const alerts = await figures.readAlerts();
        const op: LiveOp = ['alerts', alerts];
        const text = JSON.stringify(op);
        if (text !== sent) for (const demo of watched) feed.sendFigures(demo, [op]);
        sent = text;
      } catch {
        // Redis is away; the next look comes soon.
      } finally {
        isReading = false;
      }
    },
  };
}
