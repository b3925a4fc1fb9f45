import { expect, test } from 'vitest';

import { scrub } from './scrub.ts';

test.each([
  ['![x](data:image/png;base64,iVBORw0KGgo=) here', '![x](data:image/png;base64,[removed]) here'],
  ['see https://ann:s3cret@example.com/a', 'see https://example.com/a'],
  ['postgres://ann:s3@cr@et@db:5432/a', 'postgres://db:5432/a'],
  ['the key pk-lf-abcdefghijkl1234', 'the key [removed]'],
  [
    'https://b.s3.amazonaws.com/k?X-Amz-Date=1&X-Amz-Signature=abc&versionId=7 now',
    'https://b.s3.amazonaws.com/k?X-Amz-Date=[removed]&X-Amz-Signature=[removed]&versionId=7 now',
  ],
  [
    '(https://x.blob.core.windows.net/c?sv=2024&sig=a%2Fb)',
    '(https://x.blob.core.windows.net/c?sv=2024&sig=[removed])',
  ],
  [
    'https://ollama.com/connect?name=me&key=c3NoLWVk',
    'https://ollama.com/connect?name=me&key=[removed]',
  ],
  ['curl -H "Authorization: Bearer abcdefgh.ijk"', 'curl -H "Authorization: Bearer [removed]"'],
  ['my key is sk-proj-abcdefghijkl1234 ok', 'my key is [removed] ok'],
  ['AKIAIOSFODNN7EXAMPLE and ghp_abcdefghijklmnop', '[removed] and [removed]'],
  ['"Authorization": "Basic YW5uOnMzY3JldA=="', '"Authorization": "Basic [removed]"'],
  ['sk_live_abcdefghijklmnop1234', '[removed]'],
  ['AIzaSyA1234567890abcdefghijklmnopqrstu', '[removed]'],
  ['github_pat_11ABCDEFG0abcdefghijkl hf_abcdefghijklmnopqrst', '[removed] [removed]'],
  ['a token eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0In0.abc-d_e.', 'a token [removed].'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIE', '[removed]'],
])('%s', (text, clean) => {
  expect(scrub(text)).toBe(clean);
});

test.each([
  'Why is the sky blue? See https://example.com/a?page=2#top.',
  'The task-force sk-etch is risk-free; a token=5 in prose stays.',
  'ask ghp_ and bearer of news',
])('%s stays as it is', (text) => {
  expect(scrub(text)).toBe(text);
});
