import { expect, test } from 'vitest';

import { createLineShape, type LineShape } from './line-shape.ts';

const chunk = (content: string, more: object = {}) =>
  JSON.stringify({ id: 'c1', choices: [{ index: 0, delta: { content }, finish: null }], ...more });
const line = (content: string, created_at: string, done = false) =>
  JSON.stringify({ model: 'm:1', created_at, message: { role: 'assistant', content }, done });

/** The text of a single line; undefined when it is not known again. */
const textOf = (shape: LineShape, one: string) => {
  const { lines, text, end } = shape.readRun(`${one}\n`, 0);
  expect(end).toBe(lines === 1 ? one.length + 1 : 0);
  return lines === 1 ? text : undefined;
};

test('a line that differs in its text alone is known again', () => {
  const shape = createLineShape();
  expect(textOf(shape, chunk('one '))).toBeUndefined();
  shape.learn(chunk('one '), 'one ');
  for (const text of ['two', ' ', 'é日🙂', '}', 'a,b:c'])
    expect(textOf(shape, chunk(text))).toBe(text);
});

test('the stamp before a text may differ too, also in length', () => {
  const shape = createLineShape();
  shape.learn(line('one ', '2026-01-01T00:00:00.12Z'), 'one ', {
    stamp: '2026-01-01T00:00:00.12Z',
  });
  expect(textOf(shape, line('two', '2026-01-01T00:00:01.123456789Z'))).toBe('two');
  expect(textOf(shape, line('two', 'a"b'))).toBeUndefined();
  // No JSON: the quote behind the stamp belongs to it.
  expect(textOf(shape, line('two', 'STAMP').replace('STAMP', 'x\\'))).toBeUndefined();
  expect(textOf(shape, line('two', '2026-01-01T00:00:02Z', true))).toBeUndefined();
});

test.each([
  ['has another field', chunk('two', { usage: { total_tokens: 3 } })],
  ['has another value in front', chunk('two').replace('c1', 'c2')],
  ['has a bare line break in its text', chunk('a b').replace('a b', 'a\nb')],
  ['lacks one', '{"id":"c1","choices":[{"index":0,"delta":{"content":"two"}}]}'],
  ['has a quote in its text', chunk('a "b"')],
  ['has a line break in its text', chunk('a\nb')],
  ['has no text', chunk('')],
  ['is cut', chunk('two').slice(0, -2)],
  ['has another text behind the first', chunk('two').replace('two"', 'two","content":"three"')],
])('a line that %s is not', (_, other) => {
  const shape = createLineShape();
  shape.learn(chunk('one '), 'one ');
  expect(textOf(shape, other)).toBeUndefined();
});

test.each([
  ['stands in it twice', chunk('c1'), 'c1'],
  ['is named like a field', chunk('content'), 'content'],
  ['is escaped', chunk('a\n'), 'a\n'],
  ['is put together from parts', '{"choices":[{"text":"a"},{"text":"b"}]}', 'ab'],
])('nothing is learnt from a line whose text %s', (_, known, text) => {
  const shape = createLineShape();
  shape.learn(known, text);
  expect(textOf(shape, known)).toBeUndefined();
});

test('lines that follow one another are read at once, up to one that is different', () => {
  const shape = createLineShape();
  shape.learn(chunk('one '), 'one ', { before: 'event: x\ndata: ', after: '\n\n' });
  const event = (content: string) => `event: x\ndata: ${chunk(content)}\n\n`;
  const known = `${event('a')}${event('bc')}`;
  const lines = `: hello\n${known}${event('"')}${event('d')}`;
  expect(shape.readRun(lines, 0)).toEqual({ end: 0, lines: 0, text: '' });
  expect(shape.readRun(lines, 8)).toEqual({ end: 8 + known.length, lines: 2, text: 'abc' });
  for (let cut = 1; cut < event('bc').length; cut += 1) {
    const { lines: read, text } = shape.readRun(known.slice(0, -cut), 0);
    expect([read, text]).toEqual([1, 'a']);
  }
  const others = `${event('a')}${event('bc').replace('c1', 'c2')}${event('d')}`;
  expect(shape.readRun(others, 0)).toEqual({ end: event('a').length, lines: 1, text: 'a' });
});

test('a line that says nothing teaches nothing: another of its strings may be empty', () => {
  const shape = createLineShape();
  const call = (note: string) =>
    `{"delta":{"tool_calls":[{"arguments":"{"}]},"note":${JSON.stringify(note)}}`;
  shape.learn(call(''), '');
  expect(textOf(shape, call('hello'))).toBeUndefined();
});

test('a stamp behind the text may not differ', () => {
  const shape = createLineShape();
  const behind = (content: string, stamp: string) => JSON.stringify({ content, stamp });
  shape.learn(behind('one ', 'now'), 'one ', { stamp: 'now' });
  expect(textOf(shape, behind('two', 'now'))).toBe('two');
  expect(textOf(shape, behind('two', 'then'))).toBeUndefined();
});

test('where sixteen lines had each another shape, no more are learnt', () => {
  const shape = createLineShape();
  for (let n = 1; n <= 16; n += 1) shape.learn(chunk('one ', { n }), 'one ');
  expect(textOf(shape, chunk('two', { n: 16 }))).toBe('two');
  shape.learn(chunk('one ', { n: 17 }), 'one ');
  expect(textOf(shape, chunk('two', { n: 17 }))).toBeUndefined();
});
