import type { LiveOp } from '@llm-monitor/contracts/live';
import type { Logger } from '@llm-monitor/runtime';

import type { FiguresReader } from '../adapters/figures-reader.ts';
import type { LiveFeed } from '../core/live-feed.ts';

const INTERVAL_MS = 500;
/** Who came between a change and its telling may have missed it: it is said once more after this. */
const AGAIN_AFTER_MS = 5000;

/** Sends what fires to all views, as soon as it is another than before: it leaves no trace in the change feed. */
export function createAlertsTicker(options: {
  figures: Pick<FiguresReader, 'readAlerts'>;
  feed: Pick<LiveFeed, 'sendFigures'>;
  isWatched(demo: boolean): boolean;
  monotonicMs(): number;
  log: Pick<Logger, 'debug'>;
}): { intervalMs: number; tick(): Promise<void> } {
  const { figures, feed, isWatched, monotonicMs, log } = options;
  let sent = { text: '', atMs: -Infinity, isRepeated: true };
  let isReading = false;
  return {
    intervalMs: INTERVAL_MS,
    async tick() {
      const watched = [false, true].filter(isWatched);
      // Whoever comes later gets all with the snapshot, and what is another than then once more.
      if (watched.length === 0) sent = { text: '', atMs: -Infinity, isRepeated: true };
      if (isReading || watched.length === 0) return;
      isReading = true;
      try {
        const alerts = await figures.readAlerts();
        const op: LiveOp = ['alerts', alerts];
        const text = JSON.stringify(op);
        const isRepeated = text === sent.text;
        const isEnough = sent.isRepeated || monotonicMs() - sent.atMs < AGAIN_AFTER_MS;
        if (isRepeated && isEnough) return;
        sent = { text, atMs: monotonicMs(), isRepeated };
        for (const demo of watched) feed.sendFigures(demo, [op]);
      } catch (err) {
        log.debug({ err }, 'alerts could not be read; again soon');
      } finally {
        isReading = false;
      }
    },
  };
}
