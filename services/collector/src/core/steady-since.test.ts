import { expect, test } from 'vitest';

import { createSteadiness } from './steady-since.ts';

test('all must be well without a break', () => {
  let now = 0;
  const steadiness = createSteadiness(['redis', 'nats'], () => now);
  steadiness.set('redis', true);
  now = 50;
  expect(steadiness.steadyMs()).toBe(0);
  steadiness.set('nats', true);
  now = 150;
  steadiness.set('redis', true);
  expect(steadiness.steadyMs()).toBe(100);
  steadiness.set('nats', false);
  expect(steadiness.steadyMs()).toBe(0);
  now = 200;
  steadiness.set('nats', true);
  now = 210;
  expect(steadiness.steadyMs()).toBe(10);
});
