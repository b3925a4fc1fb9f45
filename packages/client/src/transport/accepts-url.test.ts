import { expect, test } from 'vitest';

import { acceptsUrl } from './accepts-url.ts';

test.each([
  [undefined, undefined, true],
  ['', ' , ', true],
  ['127.0.0.1', undefined, true],
  ['127.0.0.1:11434', undefined, true],
  ['127.0.0.1:11435', undefined, false],
  ['example.com, 127.0.0.1', '/v1/', false],
  ['example.com, 127.0.0.1', '/v1/,/api/', true],
  [undefined, '/v1/', false],
])('hosts %j and paths %j: %s', (hosts, paths, accepted) => {
  expect(acceptsUrl({ hosts, paths })('http://127.0.0.1:11434/api/chat')).toBe(accepted);
});

test('a domain takes what is below it, and no name that only ends alike', () => {
  const accepts = acceptsUrl({ hosts: '*.Example.com', paths: undefined });
  expect(accepts('https://llm.example.com/v1/messages')).toBe(true);
  expect(accepts('https://example.com/v1/messages')).toBe(true);
  expect(accepts('https://badexample.com/v1/messages')).toBe(false);
  expect(accepts('/v1/messages')).toBe(false);
});
