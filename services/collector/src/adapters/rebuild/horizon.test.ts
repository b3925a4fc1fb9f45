import { expect, test } from 'vitest';

import { horizonOf } from './rebuild.ts';

const at = (time: string) => Date.parse(`2026-05-01T${time}Z`);

test('the stream knows best from the first hour on that it has wholly', () => {
  expect(horizonOf(at('08:20:00'), at('12:30:00'))).toBe(at('09:00:00'));
});

test('a stream that began in the hour that runs, or just before it, knows all that runs', () => {
  expect(horizonOf(at('12:20:00'), at('12:30:00'))).toBe(at('12:00:00'));
  expect(horizonOf(at('11:59:00'), at('12:05:00'))).toBe(at('11:00:00'));
});
