import { expect, test } from 'vitest';

import { freshId } from './rule-draft.ts';

test('a new rule gets an id that says its name, and that is not taken', () => {
  expect(freshId('Zu viele Fehler (heute)!', [])).toBe('zu-viele-fehler-heute');
  expect(freshId('Perché è lento', [])).toBe('perche-e-lento');
  expect(freshId('慢', ['rule', 'rule-2'])).toBe('rule-3');
  expect(freshId('x'.repeat(100), [])).toMatch(/^x{60}$/);
});
