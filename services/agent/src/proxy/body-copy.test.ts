import { expect, test } from 'vitest';

import { createBodyCopy } from './body-copy.ts';

test('a short body is kept whole, whatever pieces it came in', () => {
  const copy = createBodyCopy();
  copy.add(Buffer.from('{"a"'));
  copy.add(Buffer.from(':1}'));
  expect(Buffer.from(copy.take() as Uint8Array).toString()).toBe('{"a":1}');
  expect(copy.take()).toBeUndefined();
});

test.each([1, 1000, 5000, 700_000])(
  'of a long body in pieces of %i bytes both ends are kept',
  (size) => {
    const copy = createBodyCopy();
    const body = Buffer.from(Array.from({ length: 700_000 }, (_, i) => 97 + (i % 26)));
    for (let at = 0; at < body.length; at += size) copy.add(body.subarray(at, at + size));
    expect(copy.take()).toEqual({
      start: body.subarray(0, 4096).toString(),
      end: body.subarray(-4096).toString(),
      length: 700_000,
    });
  },
);
