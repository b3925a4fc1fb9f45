import { expect, test } from 'vitest';

import { createLoginThrottle } from './login-throttle.ts';

function aThrottle() {
  const time = { ms: 1_000_000 };
  const throttle = createLoginThrottle(() => time.ms);
  const failTimes = (address: string, times: number) => {
    for (let i = 0; i < times; i++) throttle.failed(address);
  };
  return { time, throttle, failTimes };
}

test('who mistypes a few times need not wait', () => {
  const { throttle, failTimes } = aThrottle();
  failTimes('10.0.0.1', 4);
  expect(throttle.waitMs('10.0.0.1')).toBe(0);
});

test('from the fifth on each failure doubles the wait, to five minutes at most', () => {
  const { time, throttle, failTimes } = aThrottle();
  failTimes('10.0.0.1', 5);
  expect(throttle.waitMs('10.0.0.1')).toBe(2000);
  time.ms += 2000;
  expect(throttle.waitMs('10.0.0.1')).toBe(0);
  failTimes('10.0.0.1', 1);
  expect(throttle.waitMs('10.0.0.1')).toBe(4000);
  failTimes('10.0.0.1', 100);
  expect(throttle.waitMs('10.0.0.1')).toBe(300_000);
});

test('others do not wait for it, unless they share its network of IPv6', () => {
  const { throttle, failTimes } = aThrottle();
  failTimes('2001:db8:1:2::9', 5);
  expect(throttle.waitMs('10.0.0.2')).toBe(0);
  expect(throttle.waitMs('2001:db8:1:2:aaaa:bbbb:cccc:dddd')).toBe(2000);
  expect(throttle.waitMs('2001:db8:1:3::9')).toBe(0);
});

test('what was long ago is forgotten, and so is what came before a right token', () => {
  const { time, throttle, failTimes } = aThrottle();
  failTimes('10.0.0.1', 50);
  time.ms += 900_000;
  expect(throttle.waitMs('10.0.0.1')).toBe(0);
  failTimes('10.0.0.1', 5);
  throttle.succeeded('10.0.0.1');
  expect(throttle.waitMs('10.0.0.1')).toBe(0);
});

test('the memory of addresses is bounded', () => {
  const { throttle, failTimes } = aThrottle();
  failTimes('1.1.1.1', 9);
  for (let i = 0; i < 10_000; i++) throttle.failed(`10.1.${i >> 8}.${i & 255}`);
  expect(throttle.waitMs('1.1.1.1')).toBe(0);
});
