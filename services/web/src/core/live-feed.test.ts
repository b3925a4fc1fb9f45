import type { FeedOp, Frame } from '@llm-monitor/contracts/live';
import { BITS } from '@llm-monitor/contracts/redis';
import { toActiveRequest, toEndedRequest } from '@llm-monitor/contracts/rest';
import { beforeEach, describe, expect, test } from 'vitest';

import { createDemoCalls } from './demo-calls.ts';
import { LiveFeed } from './live-feed.ts';

interface Sent {
  demo: boolean;
  frame: Frame;
  delivery: string;
}

let nowMs: number;
let wallMs: number;
let sent: Sent[];
let timers: (() => void)[];
let feed: LiveFeed;

const record = (id: string, demo: boolean) => ({
  ...{ id, app: 'shop', model: 'phi3', bits: BITS.start, startedAtMs: 0, demo },
});
const start = (id: string, demo = false): FeedOp => [
  'start',
  toActiveRequest(record(id, demo), undefined, 0),
];
const end = (id: string, demo = false): FeedOp => [
  'end',
  toEndedRequest({ ...record(id, demo), outcome: 'completed' }),
];
const first = (id: string): FeedOp => ['first', `${id}:shop`, 1];
const add = (id: string, ...ops: FeedOp[]) => feed.addEntries([{ shard: 0, id, ops }]);
const kinds = ({ frame }: Sent) => frame.ops.map(([kind]) => kind);

/** All intervals are over. */
function elapse(): void {
  for (const run of timers.splice(0)) run();
}

beforeEach(() => {
  nowMs = 0;
  wallMs = 1_000_000;
  sent = [];
  timers = [];
  feed = new LiveFeed({
    demoCalls: createDemoCalls(10),
    now: () => wallMs,
    monotonicMs: () => nowMs,
    startTimer: (run) => {
      timers.push(run);
      return () => {
        timers = timers.filter((timer) => timer !== run);
      };
    },
    send: (demo, frame, delivery) => sent.push({ demo, frame, delivery }),
  });
  feed.restart({ epoch: 'e', pos: ['1-0'] });
});

describe('changes', () => {
  test('go out at once, then together, each frame where the last one ended', () => {
    add('2-0', start('a'));
    add('3-0', first('a'));
    add('4-0', end('a'));
    elapse();
    expect(sent.map(({ frame }) => [frame.prev, frame.pos])).toEqual([
      [['1-0'], ['2-0']],
      [['2-0'], ['4-0']],
    ]);
    expect(sent.map(kinds)).toEqual([['start'], ['end']]);
  });

  test('of demo traffic go to its view alone, and leave no gap in the other', () => {
    add('2-0', start('a', true));
    elapse();
    add('3-0', first('a'), start('b'));
    const of = (demo: boolean) => sent.filter((one) => one.demo === demo);
    expect(of(true).map(kinds)).toEqual([['start'], ['first']]);
    expect(of(false).map(({ frame }) => [frame.prev, frame.pos])).toEqual([[['1-0'], ['3-0']]]);
  });
});

describe('progress', () => {
  const progress = (tokens: number) =>
    feed.addProgress({
      key: 'a:shop',
      demo: false,
      op: ['progress', 'a:shop', 'generating', tokens, null, null],
    });

  test('is lossy, takes no place in the sequence, and only its last value counts', () => {
    add('2-0', start('a'));
    for (const tokens of [1, 2, 3]) progress(tokens);
    elapse();
    const lossy = sent.filter(({ delivery }) => delivery === 'lossy');
    expect(lossy.map(({ frame }) => frame.ops[0]?.[3])).toEqual([1, 3]);
    for (const { frame } of lossy) expect(frame.pos).toEqual(frame.prev);
  });

  test('of a call that has ended is not told any more', () => {
    progress(1);
    progress(2);
    add('2-0', end('a'));
    elapse();
    expect(sent.map(kinds)).toEqual([['progress'], ['end']]);
  });
});

describe('a sign of life', () => {
  test('goes to each view that was sent nothing for a while, and brings it to the present position', () => {
    nowMs = 10_000;
    add('2-0', start('a'));
    feed.keepAlive();
    expect(sent.map(({ demo, frame }) => [demo, frame.prev, frame.pos, frame.ops.length])).toEqual([
      [false, ['1-0'], ['2-0'], 1],
      [true, ['1-0'], ['2-0'], 0],
    ]);
  });

  test('goes on when the clock of the server is set back', () => {
    nowMs = 10_000;
    feed.keepAlive();
    wallMs -= 3_600_000;
    nowMs = 12_000;
    feed.keepAlive();
    expect(sent.map(({ demo, frame }) => [demo, frame.serverTime])).toEqual([
      [false, 1_000_000],
      [true, 1_000_000],
      [false, wallMs],
      [true, wallMs],
    ]);
  });
});

describe('catching up', () => {
  test('is one frame from there to now, even before its changes went out to the others', () => {
    add('2-0', start('a'));
    add('3-0', start('b'), first('a'));
    const frame = feed.catchUp(false, ['1-0']);
    expect(frame).toMatchObject({ prev: ['1-0'], pos: ['3-0'], epoch: 'e' });
    expect(frame?.ops.map(([kind]) => kind)).toEqual(['start', 'start']);
    expect(feed.sent(false)).toEqual(['2-0']);
  });

  test('is impossible to a place that was not read up to yet, as long as it was not', () => {
    expect(feed.catchUp(false, ['3-0'])).toBeUndefined();
    add('3-0', start('a'));
    expect(feed.catchUp(false, ['3-0'])).toMatchObject({ pos: ['3-0'], ops: [] });
  });

  test('is impossible after the feed began afresh, from before that', () => {
    add('2-0', start('a'));
    feed.restart({ epoch: 'f', pos: ['5-0'] });
    expect(feed.catchUp(false, ['2-0'])).toBeUndefined();
    elapse();
    expect(sent.filter(({ frame }) => frame.epoch === 'f')).toEqual([]);
  });
});
