import { expect, test } from 'vitest';

import { unreachable } from './refusal.ts';

const upstream = { url: new URL('https://model.example:8443') } as Parameters<
  typeof unreachable
>[1];

test.each([
  ['HPE_INVALID_CONSTANT', /sent an answer that is not valid HTTP/],
  ['ERR_HTTP_INVALID_STATUS_CODE', /sent an answer that is not valid HTTP/],
  ['ECONNREFUSED', /could not connect.*Is the server running/],
  // The connection failed before anything was answered.
  ['ERR_TLS_CERT_ALTNAME_INVALID', /could not connect/],
])('what %s means is told in words', (code, words) => {
  expect(unreachable({ code }, upstream).error).toMatch(words);
});
