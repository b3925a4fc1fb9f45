import { expect, test } from 'vitest';

import { parseRequestSubject, subjects, subjectToken } from './subjects.ts';

test('names become tokens', () => {
  expect(subjectToken('llama3.2:3b')).toBe('llama3_2_3b');
  expect(subjectToken('già *>')).toBe('gi____');
  expect(subjectToken('')).toBe('_');
});
test('a request subject gives its kind and app back, and nothing else does', () => {
  expect(parseRequestSubject(subjects.request('first-token', 'my app', 'm:1'))).toEqual({
    kind: 'first-token',
    app: 'my_app',
  });
  for (const subject of [
    'llm.request.started.a',
    'llm.request.x.a.b',
    'llm.request.started.a.b.c',
  ]) {
    expect(parseRequestSubject(subject)).toBeUndefined();
  }
});
