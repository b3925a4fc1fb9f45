import type { CallKey } from '@llm-monitor/contracts/live';
import type { Logger } from '@llm-monitor/runtime';

import type { FiguresReader } from '../adapters/figures-reader.ts';
import type { LiveFeed } from '../core/live-feed.ts';

const INTERVAL_MS = 1000;
/** A frame may have been missed by who came just then: all is said again after this, and that there is nothing is said twice. */
const AGAIN_AFTER_MS = 5000;

/** Sends what is noteworthy about running calls to the views that somebody watches, when it changes and now and then. */
export function createVerdictTicker(options: {
  figures: Pick<FiguresReader, 'readVerdicts'>;
  feed: Pick<LiveFeed, 'sendFigures'>;
  isWatched(demo: boolean): boolean;
  isDemo(key: CallKey): boolean;
  monotonicMs(): number;
  log: Pick<Logger, 'debug'>;
}): { intervalMs: number; tick(): void } {
  const { figures, feed, isWatched, isDemo, monotonicMs, log } = options;
  const sent = new Map<boolean, { text: string; atMs: number; isRepeated: boolean }>();
  let isReading = false;

  const send = async (watched: readonly boolean[]): Promise<void> => {
    const all = [...(await figures.readVerdicts())];
    for (const demo of watched) {
      const own = all.filter(([key]) => isDemo(key) === demo);
      const text = JSON.stringify(own);
      const before = sent.get(demo) ?? { text: '[]', atMs: -Infinity, isRepeated: true };
      const isRepeated = text === before.text;
      const isEnough = own.length === 0 && before.isRepeated;
      if (isRepeated && (isEnough || monotonicMs() - before.atMs < AGAIN_AFTER_MS)) continue;
      sent.set(demo, { text, atMs: monotonicMs(), isRepeated });
      feed.sendFigures(demo, [['verdicts', own]]);
    }
  };
  return {
    intervalMs: INTERVAL_MS,
    tick() {
      const watched = [false, true].filter(isWatched);
      if (isReading || watched.length === 0) return;
      isReading = true;
      send(watched)
        .catch((err: unknown) => log.debug({ err }, 'verdicts could not be read; again soon'))
        .finally(() => {
          isReading = false;
        });
    },
  };
}
