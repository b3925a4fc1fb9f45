import { expect, test } from 'vitest';

import { createOutputMeter } from './output-meter.ts';

test('a rate is that of the time since the first piece, while that is less than a second', () => {
  const meter = createOutputMeter();
  meter.add(3, 5000);
  expect(meter.rate(5000)).toBeUndefined();
  for (let piece = 0; piece < 9; piece++) meter.add(4, 5400);
  expect(meter.rate(5500)).toBe(20);
  expect(meter.total()).toEqual({ chunks: 10, chars: 39 });
});

test('a rate is that of the last second or so, whatever came before', () => {
  const meter = createOutputMeter();
  meter.add(1, 0);
  const rates: (number | undefined)[] = [];
  // Ten pieces every quarter of a second, for five seconds; then two.
  for (let nowMs = 250; nowMs <= 10_000; nowMs += 250) {
    meter.add(1, nowMs, nowMs <= 5000 ? 10 : 2);
    rates.push(meter.rate(nowMs));
  }
  expect(rates.slice(8, 20)).toEqual(Array.from({ length: 12 }, () => 40));
  expect(rates.slice(26)).toEqual(Array.from({ length: 14 }, () => 8));
});

test('after a pause a rate is that of the time since the last reading', () => {
  const meter = createOutputMeter();
  meter.add(1, 0);
  meter.rate(100);
  meter.add(1, 200, 19);
  expect(meter.rate(10_100)).toBe(1.9);
  expect(meter.rate(10_100)).toBe(1.9);
});

test('pieces that came at once count as many', () => {
  const meter = createOutputMeter();
  meter.add(10, 0, 5);
  expect(meter.total()).toEqual({ chunks: 5, chars: 10 });
  expect(meter.rate(500)).toBe(10);
});
