import { expect, test } from 'vitest';

import { nextRequestId, prepareRequestIds } from './request-ids.ts';

test('no id is given twice, however many are made ahead or on the path', () => {
  const given: string[] = [];
  for (const calls of [1, 50, 200, 3]) {
    for (let i = 0; i < calls; i++) given.push(nextRequestId());
    prepareRequestIds();
  }
  expect(new Set(given).size).toBe(given.length);
  expect(given.every((id) => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id))).toBe(true);
});
