import { expect, test } from 'vitest';

import { createRateLimiter, networkOf } from './rate-limiter.ts';

test('a burst passes, then as many as come back in time', () => {
  const time = { ms: 0 };
  const limiter = createRateLimiter({ perSecond: 10, burst: 3, now: () => time.ms });
  const takeAll = (count: number) => Array.from({ length: count }, () => limiter.take('a'));
  expect(takeAll(4)).toEqual([0, 0, 0, 100]);
  time.ms = 100;
  expect(takeAll(2)).toEqual([0, 100]);
  time.ms = 250;
  expect(takeAll(2)).toEqual([0, 50]);
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

test('so many keys are known and no more: the first of them begins anew', () => {
  const limiter = createRateLimiter({ perSecond: 1, burst: 1, now: () => 0 });
  const MOST = 20_000;
  const isFree = (key: string) => limiter.take(key) === 0;
  for (let i = 0; i < MOST; i++) expect(isFree(`key ${i}`)).toBe(true);
  expect(isFree('key 0')).toBe(false);
  expect(isFree('one more')).toBe(true);
  expect([isFree('key 1'), isFree('key 0')]).toEqual([false, true]);
});

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
  ['2001:db8:1:2:aaaa:bbbb:cccc:dddd', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['::1', '0:0:0:0'],
  ['2001:db8::1:2:3:4:5', '2001:db8:0:1'],
  ['2001:db8::', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('%s counts as %s', (address, network) => expect(networkOf(address)).toBe(network));
