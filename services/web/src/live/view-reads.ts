import { callKey, type Frame, type LiveOp, type Snapshot } from '@llm-monitor/contracts/live';
import type { Logger } from '@llm-monitor/runtime';

import type { FeedStore } from '../adapters/feed-store.ts';
import type { Figures, FiguresReader } from '../adapters/figures-reader.ts';
import type { LiveFeed } from '../core/live-feed.ts';
import type { StartTimer } from '../core/pacer.ts';
import type { LiveServer } from './live-server.ts';
import { createSharedReads, type SharedReads } from './shared-reads.ts';

/** What is read from the store for browsers of one view. */
export interface ViewReads {
  snapshots: SharedReads<Snapshot>;
  figures: SharedReads<Frame>;
}

interface ViewParts {
  store: FeedStore;
  figures: FiguresReader;
  live: Pick<LiveServer, 'sendSnapshot' | 'sendFrameTo'>;
  feed: LiveFeed;
  log: Logger;
  startTimer: StartTimer;
  /** ms since 1970 */
  now(): number;
  /** The store may have begun a new life. */
  verify(): Promise<void>;
}

export function createViewReads(demo: boolean, parts: ViewParts): ViewReads {
  const { store, figures, live, feed, log, startTimer } = parts;
  const assertSameLife = (epoch: string) => {
    if (epoch === feed.epoch()) return;
    void parts.verify();
    throw new Error('the store has begun a new life');
  };
  return {
    snapshots: createSharedReads<Snapshot>({
      startTimer,
      send: live.sendSnapshot,
      onError: (err) => log.warn({ err }, 'cannot read a snapshot; trying again'),
      // The position is read before the state: what changes in between comes twice, and never not at all.
      async read() {
        const place = await store.readPlace();
        assertSameLife(place.epoch);
        return { ...place, serverTime: parts.now(), ...(await figures.readAll(demo)) };
      },
    }),
    figures: createSharedReads<Frame>({
      startTimer,
      send: live.sendFrameTo,
      onError: (err) => log.debug({ err }, 'cannot read the figures for browsers that came back'),
      async read() {
        const epoch = feed.epoch();
        const all = await figures.readAll(demo);
        assertSameLife(epoch);
        return feed.figuresFrame(demo, toOps(all));
      },
    }),
  };
}

/** Of running calls those of which progress told something: it is not in the feed. */
function toOps(all: Figures): LiveOp[] {
  const { active, status, models, apps, hosts, demoRunning, alerts } = all;
  const told = active.filter(({ phase }) => phase !== 'waiting');
  const judged = active.flatMap(({ verdicts, ...call }) =>
    verdicts ? [[callKey(call), verdicts] as const] : [],
  );
  return [
    ...told.map((call): LiveOp => ['start', call]),
    ['verdicts', judged],
    ['status', status],
    ['models', models],
    ['apps', apps],
    ['hosts', hosts],
    ['demo', demoRunning],
    ['alerts', alerts],
  ];
}
