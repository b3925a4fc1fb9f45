import { expect, test } from 'vitest';

import { createLineShape } from './line-shape.ts';

const chunk = (content: string, more: object = {}) =>
  JSON.stringify({ id: 'c1', choices: [{ index: 0, delta: { content }, finish: null }], ...more });
const line = (content: string, created_at: string, done = false) =>
  JSON.stringify({ model: 'm:1', created_at, message: { role: 'assistant', content }, done });

test('a line that differs in its text alone is known again', () => {
  const shape = createLineShape();
  expect(shape.textOf(chunk('one '))).toBeUndefined();
  shape.learn(chunk('one '), 'one ');
  for (const text of ['two', ' ', 'é日🙂', '}', 'a,b:c'])
    expect(shape.textOf(chunk(text))).toBe(text);
});

test('the stamp before a text may differ too, also in length', () => {
  const shape = createLineShape();
  shape.learn(line('one ', '2026-01-01T00:00:00.12Z'), 'one ', '2026-01-01T00:00:00.12Z');
  expect(shape.textOf(line('two', '2026-01-01T00:00:01.123456789Z'))).toBe('two');
  expect(shape.textOf(line('two', 'a"b'))).toBeUndefined();
  expect(shape.textOf(line('two', '2026-01-01T00:00:02Z', true))).toBeUndefined();
});

test.each([
  ['has another field', chunk('two', { usage: { total_tokens: 3 } })],
  ['lacks one', '{"id":"c1","choices":[{"index":0,"delta":{"content":"two"}}]}'],
  ['has a quote in its text', chunk('a "b"')],
  ['has a line break in its text', chunk('a\nb')],
  ['has no text', chunk('')],
  ['is cut', chunk('two').slice(0, -2)],
  ['has another text behind the first', chunk('two').replace('two"', 'two","content":"three"')],
])('a line that %s is not', (_, other) => {
  const shape = createLineShape();
  shape.learn(chunk('one '), 'one ');
  expect(shape.textOf(other)).toBeUndefined();
});

test.each([
  ['stands in it twice', chunk('c1'), 'c1'],
  ['is named like a field', chunk('content'), 'content'],
  ['is escaped', chunk('a\n'), 'a\n'],
  ['is put together from parts', '{"choices":[{"text":"a"},{"text":"b"}]}', 'ab'],
])('nothing is learnt from a line whose text %s', (_, known, text) => {
  const shape = createLineShape();
  shape.learn(known, text);
  expect(shape.textOf(known)).toBeUndefined();
});
