import { describe, expect, test } from 'vitest';

import { toldOf } from '../told-answer.test-support.ts';
import { createOllamaEitherReader } from './ollama-either-reader.ts';

const HEAD = { status: 200, statusText: 'OK', ok: true, contentType: 'application/json' };
const told = (...pieces: string[]) =>
  toldOf((tracker) => createOllamaEitherReader(HEAD, tracker), ...pieces);

const part = (content: string, more: object = { done: false }) =>
  JSON.stringify({ model: 'm', message: { role: 'assistant', content }, ...more });
const LAST = { done: true, done_reason: 'stop', eval_count: 3 };

describe('an answer of an Ollama whose type does not say whether it is lines', () => {
  test('is lines where the first one is not the last, however they are cut', () => {
    const lines = `\n${part('one ')}\n${part('two')}\n${part('', LAST)}\n`;
    const expected = { text: 'one two', end: { outcome: 'completed', outputTokens: 3 } };
    expect(told(lines)).toMatchObject(expected);
    expect(told(...lines.split(''))).toMatchObject(expected);
    expect(told(part('one '), '\n')).toMatchObject({
      text: 'one ',
      end: { outcome: 'incomplete' },
    });
  });

  test('is lines where something follows the first', () => {
    expect(told(`${part('one ', {})}\n`, ` ${part('', LAST)}`)).toMatchObject({
      ...{ text: 'one ', end: { outcome: 'completed', outputTokens: 3 } },
    });
  });

  test('is one object where nothing does but blanks', () => {
    const whole = part('all of it', LAST);
    for (const pieces of [[whole], [whole, '\n'], ['\n ', whole, '\r\n', ' \n']]) {
      expect(told(...pieces)).toMatchObject({ text: 'all of it', end: { outputTokens: 3 } });
    }
  });

  test('is one object where its first line is none, as of one that is written for people', () => {
    const pretty = JSON.stringify(JSON.parse(part('all of it', LAST)), null, 2);
    expect(told(...pretty.split(''))).toMatchObject({
      text: 'all of it',
      end: { outputTokens: 3 },
    });
  });

  test('is one object where no first line has ended after 64 KiB', () => {
    const long = 'x'.repeat(100_000);
    expect(told(part(long, LAST))).toMatchObject({ text: long, end: { outputTokens: 3 } });
    // Too late: more than a line has come.
    const late = told(part(long), `\n${part('', LAST)}\n`);
    expect(late).toMatchObject({ text: '', end: { outcome: 'error' } });
  });

  test('tells thoughts and text apart, though the thought is always the same', () => {
    const thought = (content: string) =>
      JSON.stringify({ message: { thinking: 'hm', content }, done: false });
    const lines = ['a', 'bc', 'def'].map(thought).join('\n');
    expect(told(`${lines}\n${part('', LAST)}\n`)).toMatchObject({
      ...{ text: 'abcdef', thinking: 'hmhmhm', chars: 12, chunks: 3 },
    });
  });
});
