import { expect, test } from 'vitest';

import { parseRequestMember, parseRollupMember, requestMember, rollupMember } from './members.ts';

test.each([
  { model: 'llama3.2:3b', app: 'generator', host: 'box', demo: false },
  { model: 'hf.co/a:b%3A{s1}', app: 'a b', host: '', demo: true },
])('a rollup member gives its dimensions back: $model', (dimensions) => {
  expect(parseRollupMember(rollupMember(dimensions))).toEqual(dimensions);
});

test('a request member gives its id and app back', () => {
  expect(parseRequestMember(requestMember('app', 'request-1'))).toEqual({
    id: 'request-1',
    app: 'app',
  });
});
