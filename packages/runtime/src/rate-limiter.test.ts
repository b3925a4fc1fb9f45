import { expect, test } from 'vitest';

import { createRateLimiter, networkOf } from './rate-limiter.ts';

test('a burst passes, then as many as come back in time', () => {
  const time = { ms: 0 };
  const limiter = createRateLimiter({ perSecond: 10, burst: 3, now: () => time.ms });
  const takeAll = (count: number) => Array.from({ length: count }, () => limiter.take('a'));
  expect(takeAll(4)).toEqual([0, 0, 0, 100]);
  time.ms = 100;
  expect(takeAll(2)).toEqual([0, 100]);
  time.ms = 60_000;
  expect(takeAll(4)).toEqual([0, 0, 0, 100]);
});

test('what one key does is not counted to another', () => {
  const limiter = createRateLimiter({ perSecond: 1, burst: 1, now: () => 0 });
  expect(limiter.take('a')).toBe(0);
  expect(limiter.take('a')).toBeGreaterThan(0);
  expect(limiter.take('b')).toBe(0);
});

test('0 a second is no limit, as the settings say', () => {
  const limiter = createRateLimiter({ perSecond: 0, burst: 1, now: () => 0 });
  for (let i = 0; i < 100; i++) expect(limiter.take('a')).toBe(0);
});

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
  ['2001:db8:1:2:aaaa:bbbb:cccc:dddd', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['::1', '0:0:0:0'],
])('%s counts as %s', (address, network) => expect(networkOf(address)).toBe(network));
