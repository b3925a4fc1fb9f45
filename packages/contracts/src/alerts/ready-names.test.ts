import { expect, test } from 'vitest';

import { nameFor, otherNames } from './ready-names.ts';
import { READY_RULES } from './ready-rules.ts';

test.each(READY_RULES.map(({ id, name }) => ({ id, name })))(
  '$id is called by a name of each language',
  (rule) => {
    expect(otherNames(rule)?.it).toMatch(/\w/);
    expect(nameFor(rule, 'en')).toBe(rule.name);
    expect(nameFor(rule, 'it')).not.toBe(rule.name);
  },
);

test('a name that a person gave stays as it is', () => {
  expect(nameFor({ id: 'failed-requests', name: 'Oh no' }, 'it')).toBe('Oh no');
  expect(nameFor({ id: 'my-own', name: 'Many failed calls' }, 'it')).toBe('Many failed calls');
});
