import { describe, expect, test } from 'vitest';

import { placeEvent } from './place-event.ts';

const BROKER = Date.UTC(2026, 0, 1, 12);
const DAY = 86_400_000;

describe('an event is placed', () => {
  test('when the broker got it, if it was sent at once', () => {
    expect(placeEvent({ timeMs: 5, sentAtMs: 5, brokerTimeMs: BROKER })).toBe(BROKER);
  });
  test('earlier by the time that it waited in its producer', () => {
    expect(placeEvent({ timeMs: 1000, sentAtMs: 61_000, brokerTimeMs: BROKER })).toBe(
      BROKER - 60_000,
    );
  });
  test.each([DAY, -DAY])('at the same place by a clock that is off by %i ms', (skew) => {
    const timeMs = BROKER + skew;
    const placed = placeEvent({ timeMs, sentAtMs: timeMs + 2000, brokerTimeMs: BROKER });
    expect(placed).toBe(BROKER - 2000);
  });
  test('when the broker got it, if its clock went backwards or it claims to have waited for a year', () => {
    expect(placeEvent({ timeMs: 9000, sentAtMs: 5, brokerTimeMs: BROKER })).toBe(BROKER);
    expect(placeEvent({ timeMs: 0, sentAtMs: 365 * DAY, brokerTimeMs: BROKER })).toBe(BROKER);
    expect(placeEvent({ timeMs: 0, sentAtMs: undefined, brokerTimeMs: BROKER })).toBe(BROKER);
    expect(placeEvent({ timeMs: 0, sentAtMs: Number.NaN, brokerTimeMs: BROKER })).toBe(BROKER);
  });
});
