import type { FeedOp, Frame, Hello, Snapshot } from '@llm-monitor/contracts/live';
import { BITS } from '@llm-monitor/contracts/redis';
import { toActiveRequest, toEndedRequest } from '@llm-monitor/contracts/rest';
import { beforeEach, expect, test } from 'vitest';

import { createDemoCalls } from '../core/demo-calls.ts';
import { LiveFeed } from '../core/live-feed.ts';
import { Session } from './session.ts';
import type { Receiver } from './shared-reads.ts';

const TICK_MS = 250;

let nowMs: number;
let timers: Set<() => void>;
let feed: LiveFeed;
/** Who waits for what is read from the store. */
let snapshots: Set<Receiver<Snapshot>>;
let figures: Set<Receiver<Frame>>;
/** What Redis has beyond what this process remembers. */
let stored: (from: readonly string[]) => Frame | undefined;
const joined = new Map<boolean, Set<(frame: Frame) => void>>();

const record = (id: string, demo = false) => ({
  ...{ id, app: 'shop', model: 'phi3', bits: BITS.start, startedAtMs: 0, demo },
});
const start = (id: string, demo?: boolean): FeedOp => [
  'start',
  toActiveRequest(record(id, demo), undefined, 0),
];
const end = (id: string): FeedOp => [
  'end',
  toEndedRequest({ ...record(id), outcome: 'completed' }),
];
const add = (shard: number, id: string, ...ops: FeedOp[]) => feed.addEntries([{ shard, id, ops }]);
const sharedReads = <T>(waiting: Set<Receiver<T>>) => ({
  want: (receiver: Receiver<T>) => void waiting.add(receiver),
  forget: (receiver: Receiver<T>) => void waiting.delete(receiver),
  stop: () => undefined,
});

/** All intervals are over. */
function elapse(): void {
  const due = [...timers];
  timers.clear();
  for (const run of due) run();
}

beforeEach(() => {
  nowMs = 0;
  timers = new Set();
  snapshots = new Set();
  figures = new Set();
  stored = () => undefined;
  for (const demo of [false, true]) joined.set(demo, new Set());
  feed = new LiveFeed({
    demoCalls: createDemoCalls(10),
    now: () => nowMs,
    monotonicMs: () => nowMs,
    startTimer(run) {
      timers.add(run);
      return () => timers.delete(run);
    },
    send(demo, frame) {
      for (const take of joined.get(demo) ?? []) take(frame);
    },
  });
  feed.restart({ epoch: 'e', pos: ['1-0', '1-0'] });
});

/** A browser at the other end of a line that is made of nothing. */
function connect(hello: Hello = {}) {
  const frames: Frame[] = [];
  const line = { bufferedBytes: 0, dropped: 0 };
  const take = (frame: Frame) => void frames.push(frame);
  const session = new Session(
    {
      id: 'socket',
      isOpen: () => true,
      sendFrame: take,
      join: (demo) => void joined.get(demo)?.add(take),
      leave() {
        for (const room of joined.values()) room.delete(take);
      },
      bufferedBytes: () => line.bufferedBytes,
      dropQueue: () => void line.dropped++,
    },
    {
      feed,
      snapshots: () => sharedReads(snapshots),
      figures: () => sharedReads(figures),
      readFrame: (_demo, from) => Promise.resolve(stored(from)),
      isFed: () => true,
      monotonicMs: () => nowMs,
    },
    hello,
  );
  return {
    ...{ session, frames, line },
    tick(times = 1) {
      for (let i = 0; i < times; i++) {
        nowMs += TICK_MS;
        session.tick();
      }
    },
    /** The snapshot that it waits for goes out. */
    takeSnapshot(pos: readonly string[]) {
      const [receiver] = snapshots;
      snapshots.clear();
      receiver?.onSent({ epoch: feed.epoch(), pos } as unknown as Snapshot);
    },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const startsIn = (frames: readonly Frame[]) =>
  frames.flatMap(({ ops }) => ops.flatMap((op) => (op[0] === 'start' ? [op[1].id] : [])));

test('a snapshot ahead of what was read of one shard is followed by nothing that is older than it', async () => {
  stored = (from) => ({ epoch: 'e', prev: from, pos: from, serverTime: 0, ops: [] });
  const { frames, tick, takeSnapshot } = connect();
  // Begun and ended before the snapshot, by a shard of which nothing was read here yet.
  takeSnapshot(['1-0', '9-0']);
  add(1, '8-0', start('long-ended'));
  add(0, '2-0', start('new'));
  elapse();
  add(1, '9-0', end('long-ended'));
  tick();
  await settled();
  add(0, '3-0', start('newer'));
  elapse();
  expect(startsIn(frames)).toEqual(['new', 'newer']);
});

test('changes of the other view leave no gap to who joins', () => {
  const { frames, takeSnapshot } = connect();
  add(0, '2-0', start('demo', true));
  elapse();
  nowMs = 10_000;
  // Brings the others of this view to the present place.
  feed.keepAlive();
  takeSnapshot(['1-0', '1-0']);
  add(0, '3-0', start('real'));
  elapse();
  expect(frames.map(({ prev, pos }) => [prev, pos])).toEqual([
    [
      ['1-0', '1-0'],
      ['2-0', '1-0'],
    ],
    [
      ['2-0', '1-0'],
      ['3-0', '1-0'],
    ],
  ]);
});

test('a place that Redis never had, or has lost, is answered by a snapshot', async () => {
  connect({ resume: { epoch: 'e', pos: ['5-0', '1-0'] } });
  await settled();
  expect(snapshots.size).toBe(1);
});

test('whoever resumes is told what has no place in the feed; a snapshot has it', async () => {
  const { session, takeSnapshot } = connect();
  takeSnapshot(['1-0', '1-0']);
  expect(figures.size).toBe(0);
  session.watch({ paused: true });
  nowMs += 1000;
  session.watch({ paused: false });
  await settled();
  expect(figures.size).toBe(1);
  // Hidden again before it was read: it is not told then, but on the next return.
  session.watch({ paused: true });
  expect(figures.size).toBe(0);
});

test('whoever changes what it wants again and again and reads nothing gets nothing more', () => {
  const { session, line, frames, tick, takeSnapshot } = connect();
  takeSnapshot(['1-0', '1-0']);
  line.bufferedBytes = 100_000;
  for (let i = 0; i < 20; i++) {
    session.watch({ demo: i % 2 === 0 });
    session.watch({ paused: true });
    session.watch({ paused: false });
    session.resume({ epoch: 'e', pos: ['1-0', '1-0'] });
    tick();
  }
  expect([snapshots.size, frames.length]).toEqual([0, 0]);
  line.bufferedBytes = 0;
  tick();
  expect(snapshots.size).toBe(1);
});

test('a browser that was away for long and is slow to take the answer is not taken for a stalled one', async () => {
  const { session, line, tick, takeSnapshot } = connect();
  takeSnapshot(['1-0', '1-0']);
  session.watch({ paused: true });
  nowMs += 60_000;
  session.watch({ paused: false });
  await settled();
  line.bufferedBytes = 10_000;
  tick(4);
  expect(line.dropped).toBe(0);
  tick(20);
  expect(line.dropped).toBe(1);
});
