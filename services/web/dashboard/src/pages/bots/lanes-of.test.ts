import { expect, test } from 'vitest';

import { lanesOf } from './lanes-of.ts';

const axis = { fromMs: 1000, toMs: 2000 };
const at = (startMs: number, endMs: number) => ({ startMs, endMs });
const shown = (all: { startMs: number; endMs: number }[], most = 9) => {
  const { placed, lanes } = lanesOf(all, axis, most);
  return { lanes, bars: placed.map(({ left, width, lane }) => [left, width, lane]) };
};

test('what lasted lies on the axis, cut to it, whatever the order', () => {
  expect(shown([at(1500, 1600), at(0, 1250), at(1900, 5000), at(0, 999), at(2001, 3000)])).toEqual({
    lanes: 1,
    bars: [
      [0, 25, 0],
      [50, 10, 0],
      [90, 10, 0],
    ],
  });
});

test('what overlaps lies in lanes of its own, in no more than there may be', () => {
  const all = [at(1000, 1900), at(1100, 1300), at(1200, 1800), at(1400, 1500)];
  expect(shown(all).bars.map(([, , lane]) => lane)).toEqual([0, 1, 2, 1]);
  expect(shown(all, 2).bars.map(([, , lane]) => lane)).toEqual([0, 1, 1, 1]);
  expect(shown([])).toEqual({ lanes: 0, bars: [] });
});
