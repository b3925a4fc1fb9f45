import { expect, test } from 'vitest';

import { hasNames } from './has-names.ts';

const of = { model: 'm:1', app: 'shop', host: 'box' };

test.each([
  [{}, true],
  [{ model: 'm:1' }, true],
  [{ app: 'shop', host: 'box' }, true],
  [of, true],
  [{ model: 'm' }, false],
  [{ ...of, app: 'other' }, false],
  [{ ...of, host: '' }, false],
])('%o are names that it has: %s', (names, has) => {
  expect(hasNames(of, names)).toBe(has);
});

test('what is of no host is of none that is named', () => {
  expect(hasNames({ ...of, host: null }, { host: 'box' })).toBe(false);
  expect(hasNames({ ...of, host: null }, { app: 'shop' })).toBe(true);
});
