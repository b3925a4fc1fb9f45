import fc from 'fast-check';
import { expect, test } from 'vitest';

import { plainOllamaText, readOllamaMessage } from './ollama-message.ts';

test.each([
  ['a chat', { message: { role: 'assistant', content: 'one ' }, done: false }, 'one '],
  ['a completion', { response: 'two ', done: false }, 'two '],
  ['the last message', { message: { content: 'three' }, done: true }, ''],
  ['what says nothing', { message: { content: '' }, done: false }, ''],
  ['thinking besides', { message: { content: 'one', thinking: 'two' }, done: false }, ''],
  ['a call of a tool besides', { message: { content: 'one', tool_calls: [{}] }, done: false }, ''],
  ['an error', { error: 'full', message: { content: 'one' }, done: false }, ''],
  ['progress', { status: 'success', response: 'one', done: false }, ''],
])('the plain text of %s is what it says and nothing else', (_, message, text) => {
  expect(plainOllamaText(message)).toBe(text);
});

const word = fc.constantFrom('', 'a', 'success', null, 7, undefined);
const said = fc.record(
  { content: word, thinking: word, tool_calls: fc.constantFrom([], [{}], null, undefined) },
  { requiredKeys: [] },
);
const message = fc.record(
  {
    ...{ message: fc.oneof(said, word), response: word, content: word, thinking: word },
    ...{ done: fc.constantFrom(true, false, null, undefined), error: word, status: word },
  },
  { requiredKeys: [] },
);

test('a message that is plain is read as the same by who reads all of it', () => {
  let plain = 0;
  fc.assert(
    fc.property(message, (of) => {
      const text = plainOllamaText(of);
      if (text === '') return;
      plain += 1;
      expect(readOllamaMessage(of, 7)).toEqual({
        ...{ text, chars: text.length, thinking: '', isOutput: true, atMs: 7, end: undefined },
      });
    }),
    { numRuns: 2000 },
  );
  expect(plain).toBeGreaterThan(0);
});
