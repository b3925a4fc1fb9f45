import { runningIn, type LiveState } from '@llm-monitor/contracts/live';

import { firstTokenTimes, responseTimes, sampleOf, throughputOf } from './figures.ts';
import type { LiveFeed } from './live-feed.ts';
import type { TokenWatch } from './token-watch.ts';

const EVERY_MS = 2000;
/** Five minutes. */
export const TILE_POINTS = 150;

const FIGURES = {
  active: runningIn,
  throughput: ({ active }, { rateOf }) => throughputOf(active.values(), rateOf).tokensPerSecond,
  'first-token': ({ recent }) => sampleOf(firstTokenTimes(recent))?.p50 ?? null,
  response: ({ recent }) => sampleOf(responseTimes(recent))?.p50 ?? null,
  success: ({ status }) => status.success_rate,
  errors: ({ status }) => status.failed_requests,
} as const satisfies Record<string, (live: LiveState, tokens: TokenWatch) => number | null>;
export type TileFigure = keyof typeof FIGURES;
const NAMES = Object.keys(FIGURES) as TileFigure[];

/** The last minutes of the tiles' figures, as far as this page has seen them. A time without news is a gap. */
export type TileHistory = (figure: TileFigure) => readonly (number | null)[];

export function createTileHistory(
  feed: Pick<LiveFeed, 'live' | 'freshness' | 'ticker' | 'tokens' | 'monotonicMs'>,
): TileHistory {
  const kept = new Map<TileFigure, (number | null)[]>(NAMES.map((name) => [name, []]));
  let sampledAtMs = -Infinity;
  feed.ticker.subscribe(() => {
    const nowMs = feed.monotonicMs();
    const live = feed.live.get();
    if (nowMs - sampledAtMs < EVERY_MS || !live) return;
    sampledAtMs = nowMs;
    const isFresh = feed.freshness.get() === 'live';
    for (const [name, values] of kept) {
      values.push(isFresh ? FIGURES[name](live, feed.tokens) : null);
      if (values.length > TILE_POINTS) values.shift();
    }
  });
  return (figure) => kept.get(figure) ?? [];
}
