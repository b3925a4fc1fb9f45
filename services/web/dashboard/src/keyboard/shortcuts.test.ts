import { expect, test } from 'vitest';

import { createKeyReader, GO_KEYS, KEYS } from './shortcuts.ts';

test('a key means what it says, an unknown one nothing', () => {
  const read = createKeyReader(() => 0);
  expect(read('/')).toEqual({ kind: 'search' });
  expect(read('x')).toBeNull();
  expect(read('l')).toBeNull();
});

test('behind a g a key is a page, for a moment', () => {
  let now = 0;
  const read = createKeyReader(() => now);
  expect(read('g')).toBe('waiting');
  expect(read('h')).toEqual({ kind: 'go', page: 'history' });
  expect(read('h')).toBeNull();
  read('g');
  now = 2000;
  expect(read('m')).toBeNull();
  read('g');
  expect(read('j')).toEqual({ kind: 'next' });
});

test('no key has two meanings', () => {
  expect(Object.keys(GO_KEYS).filter((key) => key in KEYS || key === 'g')).toEqual([]);
});
