import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { createDeferral } from './deferral.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('work runs later, in order and together, and what it throws stays inside', () => {
  const ran: string[] = [];
  const deferral = createDeferral(10, () => ran.push('afterwards'));
  deferral.defer(() => ran.push('first'));
  deferral.defer(() => {
    throw new Error('broken');
  });
  deferral.defer(() => deferral.defer(() => ran.push('added meanwhile')));
  deferral.defer(() => ran.push('second'));
  expect(ran).toEqual([]);
  vi.advanceTimersByTime(10);
  expect(ran).toEqual(['first', 'second', 'added meanwhile', 'afterwards']);
});

test('work can be run at once, and is not run again', () => {
  const ran: string[] = [];
  const deferral = createDeferral(10, () => undefined);
  deferral.defer(() => ran.push('work'));
  deferral.runNow();
  vi.advanceTimersByTime(100);
  expect(ran).toEqual(['work']);
});

test('what comes later is run later, also by timers that were put in place meanwhile', () => {
  const ran: number[] = [];
  const deferral = createDeferral(10, () => undefined);
  const runs = (n: number) => {
    deferral.defer(() => ran.push(n));
    vi.advanceTimersByTime(9);
    expect(ran).not.toContain(n);
    vi.advanceTimersByTime(1);
    expect(ran).toContain(n);
  };
  runs(1);
  runs(2);
  vi.useRealTimers();
  vi.useFakeTimers();
  runs(3);
  expect(ran).toEqual([1, 2, 3]);
});

test('much work is done in parts, in order, and lets others run in between', () => {
  const ran: (number | string)[] = [];
  const deferral = createDeferral(10, () => ran.push('afterwards'));
  for (let n = 0; n < 20; n += 1) {
    deferral.defer(() => {
      ran.push(n);
      // So long it takes.
      vi.advanceTimersByTime(1);
    });
  }
  vi.advanceTimersByTime(10);
  expect(ran.slice(0, 9)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 'afterwards']);
  vi.advanceTimersByTime(10);
  expect(ran.filter((one) => one !== 'afterwards')).toEqual(
    Array.from({ length: 20 }, (_, n) => n),
  );
  expect(ran.at(-1)).toBe('afterwards');
});

test('however long there is more to do, others run between the parts', () => {
  let [nowMs, ran] = [0, 0];
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  const deferral = createDeferral(10, () => undefined);
  const more = (count: number) => {
    for (let n = 0; n < count; n += 1) {
      deferral.defer(() => {
        ran += 1;
        nowMs += 0.25;
      });
    }
  };
  more(100);
  vi.advanceTimersByTime(9);
  const perTurn: number[] = [];
  for (let turn = 0; turn < 100; turn += 1) {
    const before = ran;
    vi.advanceTimersByTime(1);
    perTurn.push(ran - before);
    more(8);
  }
  clock.mockRestore();
  expect(new Set(perTurn)).toEqual(new Set([8]));
});

test('goes on when a test of the app has taken its timers away', () => {
  const ran: number[] = [];
  const deferral = createDeferral(10, () => undefined);
  deferral.defer(() => ran.push(1));
  vi.clearAllTimers();
  deferral.runNow();
  deferral.defer(() => ran.push(2));
  vi.advanceTimersByTime(10);
  expect(ran).toEqual([1, 2]);
  deferral.defer(() => ran.push(3));
  vi.useRealTimers();
  vi.useFakeTimers();
  deferral.defer(() => ran.push(4));
  vi.advanceTimersByTime(10);
  expect(ran).toEqual([1, 2, 3, 4]);
});

test.each([
  ['that cannot be started again', { unref: () => undefined }],
  ['of a simulated browser, which are numbers', 7],
])('does with timers %s', (_which, timer) => {
  const ran: number[] = [];
  const start = setTimeout;
  vi.stubGlobal('setTimeout', (work: () => void, ms: number) => {
    start(work, ms);
    return timer;
  });
  const deferral = createDeferral(10, () => undefined);
  for (const n of [1, 2]) {
    deferral.defer(() => ran.push(n));
    vi.advanceTimersByTime(10);
  }
  vi.unstubAllGlobals();
  expect(ran).toEqual([1, 2]);
});

test('what is left for later is bounded', () => {
  let ran = 0;
  const deferral = createDeferral(10, () => undefined);
  for (let n = 0; n < 1000; n += 1) {
    deferral.defer(() => {
      ran += 1;
      vi.advanceTimersByTime(1);
    });
  }
  vi.advanceTimersByTime(10);
  expect(ran).toBeGreaterThanOrEqual(800);
});
