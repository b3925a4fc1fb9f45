import { KEEP_ALIVE_MS, latestPosition } from '@llm-monitor/contracts/live';
import type { CallKey, FeedPosition, Frame, LiveOp } from '@llm-monitor/contracts/live';

import { addOp, coalesceOps, keyOfOp, type PendingOps } from './coalesce-ops.ts';
import type { DemoCalls } from './demo-calls.ts';
import { createPacer, type StartTimer } from './pacer.ts';
import type { CallProgress } from './progress-ops.ts';
import { createRecentEntries, type FeedEntry } from './recent-entries.ts';

export const FRAME_INTERVAL_MS = 50;
export const PROGRESS_INTERVAL_MS = 250;
const MAX_RECENT_OPS = 5000;
const MAX_PENDING_PROGRESS = 10_000;

/** Turns the change feed and progress into frames for the two views: real calls, and demo calls. */
export interface LiveFeed {
  /** Which life of the store is shown; empty before it is known. */
  epoch(): string;
  /** Up to where the feed was read. */
  position(): FeedPosition;
  /** Up to where a view was sent frames. */
  sent(demo: boolean): FeedPosition;
  /** Goes on from there, and forgets what was before. */
  restart(place: { epoch: string; pos: FeedPosition }): void;
  addEntries(entries: readonly FeedEntry[]): void;
  addProgress(progress: CallProgress): void;
  /** Sends figures: they have no place in the sequence. */
  sendFigures(demo: boolean, ops: readonly LiveOp[]): void;
  /** Sends a sign of life where nothing was sent for a while. */
  keepAlive(): void;
  /** One frame from `from` to now; undefined when that is too long ago to be remembered here. */
  catchUp(demo: boolean, from: FeedPosition): Frame | undefined;
  /** One frame of entries that follow `from`. */
  frameOf(demo: boolean, from: FeedPosition, entries: readonly FeedEntry[]): Frame;
  stop(): void;
}

interface View {
  demo: boolean;
  sent: FeedPosition;
  sentAtMs: number;
}

/** @param options.send a lossy frame may be dropped where it would have to wait; all others must arrive in order */
export function createLiveFeed(options: {
  demoCalls: DemoCalls;
  startTimer: StartTimer;
  now(): number;
  send(demo: boolean, frame: Frame, delivery: 'certain' | 'lossy'): void;
}): LiveFeed {
  const { demoCalls, startTimer, now } = options;
  const recent = createRecentEntries({ maxOps: MAX_RECENT_OPS });
  const pending: PendingOps = new Map();
  const progress = new Map<CallKey, CallProgress>();
  const views: View[] = [false, true].map((demo) => ({ demo, sent: [], sentAtMs: 0 }));
  const viewOf = (demo: boolean) => views[demo ? 1 : 0] as View;
  let epoch = '';

  const frame = (prev: FeedPosition, pos: FeedPosition, ops: readonly LiveOp[]): Frame => ({
    epoch,
    pos,
    prev,
    serverTime: now(),
    ops,
  });
  const advance = (view: View, ops: readonly LiveOp[]) => {
    const pos = recent.position();
    options.send(view.demo, frame(view.sent, pos, ops), 'certain');
    view.sent = pos;
    view.sentAtMs = now();
  };
  const flushChanges = () => {
    const ops = [...pending.values()];
    pending.clear();
    for (const view of views) {
      const shown = ops.filter((op) => demoCalls.isDemo(op) === view.demo);
      if (shown.length > 0) advance(view, shown);
    }
  };
  const flushProgress = () => {
    const all = [...progress.values()];
    progress.clear();
    for (const { demo, sent } of views) {
      const ops = all.filter((one) => one.demo === demo).map(({ op }) => op);
      if (ops.length > 0) options.send(demo, frame(sent, sent, ops), 'lossy');
    }
  };
  const changes = createPacer({ intervalMs: FRAME_INTERVAL_MS, flush: flushChanges, startTimer });
  const lossy = createPacer({ intervalMs: PROGRESS_INTERVAL_MS, flush: flushProgress, startTimer });
  const frameOf: LiveFeed['frameOf'] = (demo, from, entries) => {
    const ops = coalesceOps(entries.flatMap((entry) => entry.ops));
    const end = entries.reduce(withEntry, from);
    return frame(from, end, ops.filter((op) => demoCalls.isDemo(op) === demo));
  };

  return {
    epoch: () => epoch,
    position: recent.position,
    sent: (demo) => viewOf(demo).sent,
    restart(place) {
      epoch = place.epoch;
      recent.reset(place.pos);
      pending.clear();
      for (const view of views) view.sent = place.pos;
    },
    addEntries(entries) {
      for (const entry of entries) {
        recent.add(entry);
        for (const op of entry.ops) {
          demoCalls.note(op);
          addOp(pending, op);
          if (op[0] === 'end') progress.delete(keyOfOp(op));
        }
      }
      if (pending.size > 0) changes.wish();
    },
    addProgress(one) {
      if (one.demo) demoCalls.add(one.key);
      if (progress.size >= MAX_PENDING_PROGRESS) return;
      progress.set(one.key, one);
      lossy.wish();
    },
    sendFigures(demo, ops) {
      const { sent } = viewOf(demo);
      options.send(demo, frame(sent, sent, ops), 'certain');
    },
    keepAlive() {
      flushChanges();
      for (const view of views) {
        if (now() - view.sentAtMs >= KEEP_ALIVE_MS / 2) advance(view, []);
      }
    },
    catchUp(demo, from) {
      const entries = recent.since(from);
      if (!entries) return undefined;
      const { pos, ...rest } = frameOf(demo, from, entries);
      return { ...rest, pos: latestPosition(pos, recent.position()) };
    },
    frameOf,
    stop() {
      changes.stop();
      lossy.stop();
    },
  };
}

function withEntry(position: FeedPosition, { shard, id }: FeedEntry): FeedPosition {
  return position.map((at, i) => (i === shard ? id : at));
}
