import { EventEmitter } from 'node:events';

import { expect, test, vi, type Mock } from 'vitest';

import { followStoreClock, type StoreClock } from './store-clock.ts';
import type { StoreConnection } from './store.ts';

const DAY_MS = 86_400_000;
const STORE_MS = Date.UTC(2026, 0, 10);

function setUp(): { clock: StoreClock; warn: Mock<() => void>; own: { ms: number } } {
  const own = { ms: STORE_MS };
  const redis = Object.assign(new EventEmitter(), {
    time: async () => [String(STORE_MS / 1000), '0'],
  }) as unknown as StoreConnection;
  const warn = vi.fn<() => void>();
  const log = { warn, info: () => undefined } as never;
  return { clock: followStoreClock({ redis, log, now: () => own.ms }), warn, own };
}

const detailOf = async (clock: StoreClock) => (await clock.check.check()).detail;

test('a clock that agrees with that of Redis, as well as clocks do, counts as it is', async () => {
  const { clock, warn, own } = setUp();
  own.ms += 1500;
  await clock.measure();
  expect(clock.nowMs()).toBe(own.ms);
  expect(await detailOf(clock)).toBe('');
  expect(warn).not.toHaveBeenCalled();
  clock.stop();
});

test('one that is days ahead goes by that of Redis, and says so once, and in readiness', async () => {
  const { clock, warn, own } = setUp();
  own.ms += 8 * DAY_MS;
  await clock.measure();
  await clock.measure();
  expect(clock.nowMs()).toBe(STORE_MS);
  expect(clock.earliestMs()).toBe(STORE_MS);
  expect(await detailOf(clock)).toContain('8 days ahead of that of Redis');
  expect(warn).toHaveBeenCalledTimes(1);
  own.ms = STORE_MS;
  await clock.measure();
  expect(await detailOf(clock)).toBe('');
  clock.stop();
});

test('a user that may not ask says so in readiness, and goes by its own clock', async () => {
  const redis = Object.assign(new EventEmitter(), {
    time: () => Promise.reject(new Error("NOPERM User web has no permissions to run 'time'")),
  }) as unknown as StoreConnection;
  const clock = followStoreClock({ redis, log: {} as never, now: () => 5 });
  await clock.measure();
  expect(clock.nowMs()).toBe(5);
  expect(await detailOf(clock)).toContain('+time');
  clock.stop();
});

test('where Redis is the one that is ahead, age is reckoned by this machine', async () => {
  const { clock, own } = setUp();
  own.ms -= 8 * DAY_MS;
  await clock.measure();
  expect(clock.nowMs()).toBe(STORE_MS);
  expect(clock.earliestMs()).toBe(own.ms);
  expect(await detailOf(clock)).toContain('8 days behind that of Redis');
  clock.stop();
});
