import { expect, test } from 'vitest';

import { createRetryLinks, fingerprintOf } from './retry-links.ts';

const URL = 'http://127.0.0.1:11434/api/chat';

test('the same request that failed twice at once is made again twice', () => {
  const links = createRetryLinks(() => 0);
  links.failed(1, 'first');
  links.failed(1, 'second');
  expect([links.continues(1), links.continues(1), links.continues(1)]).toEqual([
    'first',
    'second',
    undefined,
  ]);
});

test('an attempt long after a failure is a call of its own', () => {
  let now = 0;
  const links = createRetryLinks(() => now);
  links.failed(1, 'first');
  now = 120_001;
  expect(links.continues(1)).toBeUndefined();
});

test.each([
  ['text', 'Why?', 'What?'],
  ['bytes', Buffer.from('Why?'), Buffer.from('What?')],
  [
    'the edges of many bytes',
    { start: '{', end: 'a"}', length: 600_000 },
    { start: '{', end: 'b"}', length: 600_000 },
  ],
])('%s is told apart from another, and known again', (_, one, other) => {
  expect(fingerprintOf(URL, one)).toBe(fingerprintOf(URL, one));
  expect(fingerprintOf(URL, one)).not.toBe(fingerprintOf(URL, other));
});

test('bodies that are not known are nobody’s second attempt', () => {
  expect(fingerprintOf(URL, new Blob(['a']))).toBeUndefined();
  expect(fingerprintOf(URL, undefined)).toBeUndefined();
});

test('only the attempt that is the same is repeated, and the latest hundred that failed are known', () => {
  const links = createRetryLinks(() => 0);
  for (let n = 0; n < 150; n++) links.failed(n, `call-${n}`);
  expect(links.continues(49)).toBeUndefined();
  expect([links.continues(50), links.continues(149), links.continues(50)]).toEqual([
    ...['call-50', 'call-149', undefined],
  ]);
});

test('long bodies are told apart by where they go, how they begin and end, and how long they are', () => {
  const middle = 'm'.repeat(1000);
  const same = fingerprintOf(URL, `a${middle}z`);
  expect(fingerprintOf(URL, `a${'n'.repeat(1000)}z`)).not.toBe(same);
  // What stands in between costs too much to look at.
  const inner = (sign: string) => 'm'.repeat(300) + sign.repeat(400) + 'm'.repeat(300);
  expect(fingerprintOf(URL, inner('x'))).toBe(fingerprintOf(URL, inner('y')));
  for (const other of [`b${middle}z`, `a${middle}y`, `a${middle}mz`]) {
    expect(fingerprintOf(URL, other), other.slice(0, 3)).not.toBe(same);
  }
  expect(fingerprintOf(`${URL}2`, `a${middle}z`)).not.toBe(same);
  const bytes = (text: string) => fingerprintOf(URL, Buffer.from(text));
  expect(bytes(inner('x'))).toBe(bytes(inner('y')));
  for (const other of [`b${middle}z`, `a${middle}y`, `a${middle}mz`]) {
    expect(bytes(other), other.slice(0, 3)).not.toBe(bytes(`a${middle}z`));
  }
  const kept = (start: string, end: string) => fingerprintOf(URL, { start, end, length: 9000 });
  expect(kept(`a${middle}`, `${middle}z`)).toBe(kept(`a${'m'.repeat(300)}`, `${'m'.repeat(300)}z`));
  expect(fingerprintOf(URL, { start: 'a', length: 1 })).toBeUndefined();
  expect(fingerprintOf(URL, { end: 'a', length: 1 })).toBeUndefined();
});
