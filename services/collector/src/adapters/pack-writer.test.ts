import { unpack } from 'msgpackr';
import { expect, test } from 'vitest';

import { createPackWriter } from './pack-writer.ts';

const LENGTHS = [0, 1, 31, 32, 33, 99, 100, 101, 255, 256, 65_535, 65_536];
const TEXTS = ['a', 'é', '€', '😀'].flatMap((sign) =>
  LENGTHS.flatMap((length) => [sign.repeat(length), `${'a'.repeat(length)}${sign}`]),
);
const WHOLE = [0, 1, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32];
const PARTS = [0.5, 1234.5, 70_000.25, 2 ** 31 + 0.5];
const NUMBERS = [...WHOLE, ...PARTS, Number.MAX_SAFE_INTEGER, 31, 32, 33].flatMap((n) => [
  n,
  -n + 0,
]);

test('what is written is read by another, whatever the length and the size', () => {
  const writer = createPackWriter();
  // A list that fits into the kept bytes, one that does not, and one behind it.
  for (const times of [1, 3, 1]) {
    const values = Array.from({ length: times }, () => [...TEXTS, ...NUMBERS]).flat();
    writer.begin();
    for (const value of values) {
      if (typeof value === 'string') writer.text(value);
      else writer.number(value);
    }
    expect(writer.count()).toBe(values.length);
    expect(unpack(writer.end())).toEqual(values);
  }
});

test('a number may be told later, and half a sign becomes one that stands for it', () => {
  const writer = createPackWriter();
  writer.begin();
  const places = [writer.later(), writer.later()];
  writer.text('\ud83d');
  writer.tell(places[1]!, 65_535);
  writer.tell(places[0]!, 3);
  expect(unpack(writer.end())).toEqual([3, 65_535, '\ufffd']);
});

test('a list that was begun and not ended is in no other, and none changes when the next is written', () => {
  const writer = createPackWriter();
  writer.begin();
  writer.text('broken off');
  writer.begin();
  writer.text('one');
  const first = writer.end();
  writer.begin();
  writer.text('two');
  expect(unpack(writer.end())).toEqual(['two']);
  expect(unpack(first)).toEqual(['one']);
});
