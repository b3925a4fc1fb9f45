import { callKey, type FeedPosition } from '@llm-monitor/contracts/live';
import type { Logger } from '@llm-monitor/runtime';

import type { FeedFollower } from '../adapters/feed-follower.ts';
import type { FeedStore } from '../adapters/feed-store.ts';
import type { FiguresReader } from '../adapters/figures-reader.ts';
import { createDemoCalls } from '../core/demo-calls.ts';
import { LiveFeed } from '../core/live-feed.ts';
import type { StartTimer } from '../core/pacer.ts';
import type { CallProgress } from '../core/progress-ops.ts';
import { createAlertsTicker } from './alerts-ticker.ts';
import { createFiguresTicker } from './figures-ticker.ts';
import type { LiveServer } from './live-server.ts';
import { createVerdictTicker } from './verdict-ticker.ts';
import { createViewReads, type ViewReads } from './view-reads.ts';

const TICK_MS = 250;
const KEEP_ALIVE_CHECK_MS = 1000;
const PLACE_CHECK_MS = 2000;
/** The feed is asked every second; longer silence means that Redis is away. */
const FED_WITHIN_MS = 3000;
/** A longer way back costs more than a snapshot. */
const MAX_RESUME_OPS = 2000;
const MAX_DEMO_CALLS = 10_000;

/** Follows the change feed for all browsers of this process. */
export interface LiveService {
  feed: LiveFeed;
  /** Progress comes from elsewhere; it is held back with the rest, so that nobody takes old figures for live ones. */
  addProgress(progress: CallProgress): void;
  /** Starts afresh if the store has begun a new life, or if entries after `position` are gone. */
  verify(position?: FeedPosition): Promise<void>;
  isFed(): boolean;
  close(): void;
}

interface Parts {
  store: FeedStore;
  figures: FiguresReader;
  live: LiveServer;
  follower: Pick<FeedFollower, 'follow' | 'heardAtMs'>;
  log: Logger;
  /** ms since 1970 */
  now(): number;
}

export function createLiveService(parts: Parts): LiveService {
  const { store, figures, live, follower } = parts;
  const demoCalls = createDemoCalls(MAX_DEMO_CALLS);
  const feed = new LiveFeed({
    ...{ demoCalls, startTimer, monotonicMs, now: parts.now, send: live.sendFrame },
  });
  const isFed = () => feed.epoch() !== '' && monotonicMs() - follower.heardAtMs() < FED_WITHIN_MS;

  const restart = async (): Promise<void> => {
    const place = await store.readPlace();
    for (const call of await figures.readRunningDemo()) demoCalls.add(callKey(call));
    feed.restart(place);
    follower.follow(place.pos);
    parts.log.info({ epoch: place.epoch }, 'following the change feed');
    live.restart();
  };
  /** Places that the store could not be asked about yet: the first and the last of them. */
  let unasked: FeedPosition[] = [];
  const verifyInTurn = oneAtATime(async (position: FeedPosition | undefined) => {
    const doubtful = position ? [...unasked, position] : unasked;
    unasked = doubtful.length > 2 ? [...doubtful.slice(0, 1), ...doubtful.slice(-1)] : doubtful;
    const isSameLife = (await store.readEpoch()) === feed.epoch();
    const areCovered = await Promise.all(unasked.map(store.covers));
    if (!isSameLife || areCovered.includes(false)) await restart();
    unasked = [];
  });
  let verifying = 0;
  const verify = async (position?: FeedPosition): Promise<void> => {
    // While Redis hangs, looks without a position would only queue up.
    if (!position && verifying > 0) return;
    verifying++;
    // The next look asks what this one could not.
    await verifyInTurn(position).catch((err: unknown) => {
      parts.log.debug({ err }, 'the change feed could not be looked at; again soon');
    });
    verifying--;
  };
  const [real, demo] = [false, true].map((isDemo) =>
    createViewReads(isDemo, { ...parts, feed, startTimer, verify }),
  ) as [ViewReads, ViewReads];

  live.open({
    feed,
    snapshots: (isDemo) => (isDemo ? demo : real).snapshots,
    figures: (isDemo) => (isDemo ? demo : real).figures,
    readFrame: async (isDemo, from) => {
      const entries = await store.readSince(from, MAX_RESUME_OPS);
      return entries && feed.frameOf(isDemo, from, entries);
    },
    isFed,
    monotonicMs,
  });
  const shown = { figures, feed, isWatched: live.isWatched, monotonicMs, log: parts.log };
  const ticker = createFiguresTicker(shown);
  const verdictTicker = createVerdictTicker({ ...shown, isDemo: demoCalls.has });
  const alerts = createAlertsTicker(shown);
  const timers = [
    setInterval(() => isFed() && void alerts.tick(), alerts.intervalMs),
    setInterval(live.tick, TICK_MS),
    setInterval(() => isFed() && feed.keepAlive(), KEEP_ALIVE_CHECK_MS),
    setInterval(() => isFed() && ticker.tick(), ticker.intervalMs),
    setInterval(() => isFed() && verdictTicker.tick(), verdictTicker.intervalMs),
    setInterval(() => void verify(), PLACE_CHECK_MS),
  ];
  return {
    feed,
    addProgress: (progress) => isFed() && feed.addProgress(progress),
    verify,
    isFed,
    close() {
      for (const timer of timers) clearInterval(timer);
      for (const { snapshots, figures: reads } of [real, demo]) {
        snapshots.stop();
        reads.stop();
      }
      feed.stop();
    },
  };
}

const monotonicMs = () => performance.now();

const startTimer: StartTimer = (run, ms) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** Lets calls wait for each other. */
function oneAtATime<A>(run: (argument: A) => Promise<void>): (argument: A) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (argument) => {
    last = last.catch(() => undefined).then(() => run(argument));
    return last;
  };
}
