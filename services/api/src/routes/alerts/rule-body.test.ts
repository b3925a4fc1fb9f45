import { expect, test } from 'vitest';

import { ProblemError } from '../../problem.ts';
import { readYaml } from './rule-body.ts';

const whyNot = (text: string): string => {
  try {
    readYaml(text);
  } catch (error) {
    return error instanceof ProblemError ? error.message : String(error);
  }
  return 'it was read';
};

test('of YAML that is not taken it is said why', () => {
  expect(readYaml('rules:\n  - id: a\n')).toEqual({ rules: [{ id: 'a' }] });
  expect(whyNot('- &one {id: a}\n- *one\n')).toContain('aliases (*name) are not taken');
  expect(whyNot('a: [1')).toMatch(/at line 1, column 6/);
  expect(whyNot('['.repeat(20_000))).toContain('cannot be read');
});
