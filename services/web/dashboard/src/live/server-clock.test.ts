import { describe, expect, test } from 'vitest';

import { createServerClock } from './server-clock.ts';

const SERVER = Date.UTC(2026, 4, 1, 10);

function aClock() {
  const time = { ms: 1000 };
  return { time, clock: createServerClock(() => time.ms) };
}

describe("the server's clock", () => {
  test('is unknown before the server has spoken', () => {
    expect(aClock().clock.now()).toBeNull();
  });

  test('runs on between messages', () => {
    const { time, clock } = aClock();
    clock.heard(SERVER);
    time.ms += 2500;
    expect(clock.now()).toBe(SERVER + 2500);
  });

  test('is not moved by one message that came late', () => {
    const { time, clock } = aClock();
    for (const lateMs of [0, 0, 9000, 0, 0]) {
      time.ms += 1000;
      clock.heard(SERVER + time.ms - lateMs);
    }
    expect(clock.now()).toBe(SERVER + time.ms);
  });

  test('follows when the server’s own clock is set', () => {
    const { time, clock } = aClock();
    clock.heard(SERVER);
    for (let message = 0; message < 5; message++) clock.heard(SERVER + 600_000);
    expect(clock.now()).toBe(SERVER + 600_000);
    expect(time.ms).toBe(1000);
  });

  test('is right at once after this machine slept, whose own time stood still', () => {
    const { time, clock } = aClock();
    for (let message = 0; message < 5; message++) clock.heard(SERVER);
    time.ms += 2000;
    const later = SERVER + 8 * 3_600_000;
    clock.heard(later);
    expect(clock.now()).toBe(later);
  });

  test('tells how far this machine’s wall clock is ahead', () => {
    const { clock } = aClock();
    clock.heard(SERVER);
    expect(clock.skewMs(SERVER + 600_000)).toBe(600_000);
    expect(clock.skewMs(SERVER - 600_000)).toBe(-600_000);
  });
});
