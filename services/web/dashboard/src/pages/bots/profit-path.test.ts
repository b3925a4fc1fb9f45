import { expect, test } from 'vitest';

import { profitPath } from './profit-path.ts';

const axis = { fromMs: 0, toMs: 1000, stepMs: 100, low: -1, high: 1, width: 100, height: 24 };

test('profit is a line of steps from the lowest to the highest, also below zero', () => {
  const points = [
    { atMs: 0, value: -1 },
    { atMs: 100, value: 1 },
  ];
  expect(profitPath(points, axis)).toBe('M0.0 22.0H10.0L10.0 2.0H20.0');
});

test('where the bot said nothing there is no line, and past the end none either', () => {
  const points = [
    { atMs: -50, value: 0 },
    { atMs: 100, value: null },
    { atMs: 950, value: 0 },
  ];
  expect(profitPath(points, axis)).toBe('M0.0 12.0H5.0M95.0 12.0H100.0');
  expect(profitPath(points.slice(0, 1), { ...axis, low: 5, high: 5 })).toBe('M0.0 12.0H5.0');
});
