import { describe, expect, test } from 'vitest';

import { createFormat, UNKNOWN } from './format.ts';

const en = createFormat('en', 'd');
const it = createFormat('it', 'g');
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('a duration', () => {
  test.each([
    [0.84, '840 ms'],
    [0.0004, '0 ms'],
    [0.9996, '1,0 s'],
    [12.42, '12,4 s'],
    [59.94, '59,9 s'],
    [59.96, '1 m 00 s'],
    [185, '3 m 05 s'],
    [7500, '2 h 05 m'],
  ])('of %d seconds is written %s in Italian', (seconds, text) => {
    expect(plain(it.duration(seconds))).toBe(text);
  });

  test('has a point in English', () => {
    expect(plain(en.duration(12.42))).toBe('12.4 s');
  });

  test('is never negative', () => {
    expect(plain(en.duration(-3))).toBe('0 ms');
    expect(plain(en.elapsed(-3))).toBe('0.0 s');
  });

  test('that still runs keeps its unit and is not rounded up', () => {
    expect(plain(en.elapsed(0.84))).toBe('0.8 s');
    expect(plain(en.elapsed(59.949))).toBe('59.9 s');
    expect(plain(en.elapsed(191.9))).toBe('3 m 11 s');
  });
});

describe('what is not known', () => {
  test.each([
    'count',
    'rate',
    'percent',
    'cores',
    'bytes',
    'duration',
    'elapsed',
    'uptime',
    'age',
  ] as const)('is a dash as %s, never 0', (name) => {
    expect(en[name](null)).toBe(UNKNOWN);
    expect(en[name](undefined)).toBe(UNKNOWN);
    expect(en[name](Number.NaN)).toBe(UNKNOWN);
  });

  test('is a dash as time of day', () => {
    expect(en.clock('not a time')).toBe(UNKNOWN);
  });
});

describe('a success rate', () => {
  test('is 100 only if every call succeeded', () => {
    expect(plain(en.percent(99.999))).toBe('99.9 %');
    expect(plain(en.percent(100))).toBe('100 %');
  });
});

test('a rate has one decimal below a hundred', () => {
  expect(it.rate(38.24)).toBe('38,2');
  expect(it.rate(140.4)).toBe('140');
});

test.each([
  [3.25 * 2 ** 30, '3,3 GiB'],
  [512 * 2 ** 20, '512 MiB'],
  [2 ** 30 - 1, '1,0 GiB'],
  [128 * 2 ** 30, '128 GiB'],
  [0, '0 MiB'],
  [1, '1 KiB'],
  [300_000, '293 KiB'],
  [2 ** 20 - 1, '1 MiB'],
])('%d bytes are written %s in Italian', (bytes, text) => {
  expect(plain(it.bytes(bytes))).toBe(text);
});

test('a load of 142 % is 1.4 cores', () => {
  expect(en.cores(142)).toBe('1.4');
  expect(plain(en.measure(64.6, '°C'))).toBe('65 °C');
});

test('an age is told in its largest unit', () => {
  expect([12.9, 605, 7300, 200_000].map((seconds) => plain(it.age(seconds)))).toEqual([
    '12 s',
    '10 m',
    '2 h',
    '2 g',
  ]);
});

test.each([
  ['en', en],
  ['it', it],
])('midnight is the beginning of a day, not its end: %s', (_, format) => {
  const midnight = new Date(2026, 1, 1, 0, 5, 9).toISOString();
  expect(format.clock(midnight)).toBe('00:05:09');
  expect(format.dateTime(midnight)).toContain('00:05:09');
});

test('an uptime is told in its two largest units', () => {
  expect(plain(en.uptime(3 * 86_400 + 4 * 3600))).toBe('3 d 04 h');
});
