import { expect, test } from 'vitest';

import { refuseOddName } from './refuse-odd-name.ts';

test.each(['кот', '東京', '___', '…'])(
  '%s gets no credentials: on the bus it is the same as other names',
  (name) => {
    expect(() => refuseOddName(name, 'app')).toThrow(/is _+ on the bus/);
    expect(() => refuseOddName(name, 'agent')).toThrow(/good for all of them/);
  },
);

test('a name that stays its own may have other letters too, and whoever only reads any', () => {
  expect(() => refuseOddName('café', 'app')).not.toThrow();
  expect(() => refuseOddName('кот-1', 'app')).not.toThrow();
  expect(() => refuseOddName('кот', 'reader')).not.toThrow();
});

test.each(['', '   ', 'a\nb', 'x'.repeat(129)])('%j is no name', (name) => {
  expect(() => refuseOddName(name, 'app')).toThrow('is no name');
});
