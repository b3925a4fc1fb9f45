import { expect, test } from 'vitest';

import { createEventBytes } from './event-bytes.ts';

const eventBytes = createEventBytes();
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test('events stay as they were written, whatever is written behind them', () => {
  const texts = Array.from({ length: 300 }, (_, i) => `{"id":${i},"text":"${'è€😀'.repeat(i)}"}`);
  const written = texts.map(eventBytes);
  expect(written.map(textOf)).toEqual(texts);
});

test('small events share their memory, and large ones have none to spare', () => {
  const [first, second] = [eventBytes('one'), eventBytes('two')];
  expect(first.buffer).toBe(second.buffer);
  const large = eventBytes('é'.repeat(20_000));
  expect(large.buffer.byteLength).toBe(40_000);
});
