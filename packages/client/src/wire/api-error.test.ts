import { expect, test } from 'vitest';

import { errorIn } from './api-error.ts';

test.each([
  [400, 400],
  [429, 429],
  [599, 599],
  [399, undefined],
  [600, undefined],
  [429.5, undefined],
  ['429', undefined],
  ['rate_limit_exceeded', undefined],
])('an error with the code %j has the status %j', (code, status) => {
  const error = errorIn({ error: { code, message: 'Too fast.' } });
  expect(error).toEqual({ type: 'APIError', message: 'Too fast.', ...(status ? { status } : {}) });
});

test('a message without an error tells of none', () => {
  expect([{}, { error: null }, { type: 'ping' }].map(errorIn)).toEqual(Array(3).fill(undefined));
});
