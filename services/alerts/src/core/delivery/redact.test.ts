import { expect, test } from 'vitest';

import { createRedactor } from './redact.ts';

test('secrets are taken out of texts, in whatever form they come', () => {
  const redact = createRedactor([
    'hunter2!',
    'https://hooks.example.com/services/T0/B00/abcdefghijkl?k=0123456789',
  ]);
  expect(redact('no hunter2! and hunter2!')).toBe('no •••• and ••••');
  expect(redact(`AUTH ${btoa('hunter2!')}`)).toBe('AUTH ••••');
  expect(redact('POST /services/T0/B00/abcdefghijkl?k=0123456789 failed')).toBe('POST •••• failed');
  expect(redact('unknown hook abcdefghijkl')).toBe('unknown hook ••••');
  expect(redact('connect to hooks.example.com')).toBe('connect to hooks.example.com');
});

test('texts without secrets stay, and so do they where a secret is as short as a word', () => {
  expect(createRedactor(['', 'a'])('a banana')).toBe('a banana');
  expect(createRedactor([])('a banana')).toBe('a banana');
});
