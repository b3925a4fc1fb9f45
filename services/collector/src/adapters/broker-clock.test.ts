import { expect, test, vi } from 'vitest';

import { createBrokerClock } from './broker-clock.ts';

const DAY_MS = 86_400_000;
const NOW_MS = Date.UTC(2026, 0, 10);

function setUp() {
  const own = { ms: NOW_MS };
  const warn = vi.fn<() => void>();
  const clock = createBrokerClock({ nowMs: () => own.ms, log: { warn } as never });
  const hear = (ms: number) =>
    clock.hear({
      delivered: { consumer_seq: 1, stream_seq: 1, last_active: new Date(ms).toISOString() },
    } as never);
  const detail = async () => (await clock.check.check()).detail;
  return { own, warn, clock, hear, detail };
}

test('where NATS is behind, age is reckoned by it, and what is wrong is said once', async () => {
  const { own, warn, clock, hear, detail } = setUp();
  for (let i = 0; i < 3; i++) {
    hear(own.ms - 8 * DAY_MS);
    own.ms += 2000;
  }
  expect(clock.earliestMs()).toBe(own.ms - 8 * DAY_MS);
  expect(await detail()).toContain('is 8 days behind that of Redis');
  expect(warn).toHaveBeenCalledTimes(1);
});

test('a NATS that has handed nothing out for days is not taken for one that is behind', async () => {
  const { own, warn, clock, hear, detail } = setUp();
  for (let i = 0; i < 3; i++) {
    hear(NOW_MS - 8 * DAY_MS);
    own.ms += 2000;
  }
  expect(clock.earliestMs()).toBe(own.ms);
  expect(await detail()).toBe('');
  expect(warn).not.toHaveBeenCalled();
});

test('nor one that was read seldom; and one that is ahead makes nothing younger', async () => {
  const { own, clock, hear, detail } = setUp();
  hear(own.ms);
  own.ms += 10 * 60_000;
  hear(own.ms - 9 * 60_000);
  expect(await detail()).toBe('');
  own.ms += 2000;
  hear(own.ms + 8 * DAY_MS);
  expect(clock.earliestMs()).toBe(own.ms);
  expect(await detail()).toContain('8 days ahead of that of Redis');
});
