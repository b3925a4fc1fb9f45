import { beforeEach, expect, test } from 'vitest';

import { createPacer, type Pacer } from './pacer.ts';

let flushes: number;
let timer: (() => void) | undefined;
let pacer: Pacer;

/** The interval is over. */
function elapse(): void {
  const run = timer;
  timer = undefined;
  run?.();
}

beforeEach(() => {
  flushes = 0;
  timer = undefined;
  pacer = createPacer({
    intervalMs: 50,
    flush: () => flushes++,
    startTimer: (run) => {
      timer = run;
      return () => {
        timer = undefined;
      };
    },
  });
});

test('the first wish is granted at once', () => {
  pacer.wish();
  expect(flushes).toBe(1);
});

test('wishes within the interval are granted together at its end', () => {
  for (let i = 0; i < 5; i++) pacer.wish();
  expect(flushes).toBe(1);
  elapse();
  expect(flushes).toBe(2);
});

test('after an interval without wishes the next one is granted at once again', () => {
  pacer.wish();
  elapse();
  expect([flushes, timer]).toEqual([1, undefined]);
  pacer.wish();
  expect(flushes).toBe(2);
});

test('nothing is granted after the stop', () => {
  pacer.wish();
  pacer.wish();
  pacer.stop();
  elapse();
  expect(flushes).toBe(1);
});
