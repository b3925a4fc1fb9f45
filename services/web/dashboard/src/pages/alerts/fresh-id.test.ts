import { expect, test } from 'vitest';

import { freshId } from './fresh-id.ts';

test('what is new gets an id that says its name, and that is not taken', () => {
  expect(freshId('Zu viele Fehler (heute)!', 'rule', [])).toBe('zu-viele-fehler-heute');
  expect(freshId('Perché è lento', 'rule', [])).toBe('perche-e-lento');
  expect(freshId('Caffè’s & Città', 'email', ['caffe-s-citta'])).toBe('caffe-s-citta-2');
  expect(freshId('慢', 'rule', ['rule', 'rule-2'])).toBe('rule-3');
  expect(freshId('日本', 'email', [])).toBe('email');
  expect(freshId('x'.repeat(100), 'rule', [])).toMatch(/^x{60}$/);
});
