import { expect, test } from 'vitest';

import { ownPath } from './own-path.ts';

test('a path of this site is kept, with its query', () => {
  expect(ownPath('/models?req=1&demo=true')).toBe('/models?req=1&demo=true');
});

test.each([
  ...['//evil.example', '/\\evil.example', '/\t/evil.example', '/\n//evil.example'],
  ...['https://evil.example', 'javascript:alert(1)', 'evil.example', '', '///evil.example'],
  ...['/..//evil.example', '/./\\evil.example', `/${'a'.repeat(3000)}`],
])('%j leads to the first page', (wish) => expect(ownPath(wish)).toBe('/'));

test('none leads to the first page, and line ends get into no header', () => {
  expect(ownPath(undefined)).toBe('/');
  expect(ownPath('/a\r\nset-cookie: x=y')).not.toMatch(/[\r\n]/);
});
