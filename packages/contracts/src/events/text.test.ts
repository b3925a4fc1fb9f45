import { expect, test } from 'vitest';

import { cutText } from './text.ts';

test('a short text stays, a long one ends in an ellipsis', () => {
  expect(cutText('x'.repeat(200))).toBe('x'.repeat(200));
  expect(cutText('x'.repeat(201))).toBe(`${'x'.repeat(200)}…`);
});
test('cutting twice changes nothing', () => {
  const once = cutText('y'.repeat(500));
  expect(cutText(once)).toBe(once);
});
test('no surrogate pair is cut in half', () => {
  expect(cutText(`${'x'.repeat(199)}😀😀`)).toBe(`${'x'.repeat(199)}…`);
});
