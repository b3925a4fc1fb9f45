import { expect, test } from 'vitest';

import { depthOf } from './json.ts';

test.each([
  ['1', 0],
  ['"[[["', 0],
  [String.raw`"\"[["`, 0],
  ['{"a":[1,{"b":2}],"c":[]}', 3],
  ['[],[],[]', 1],
  ['[{},{},{}]', 2],
  ['['.repeat(30_000), 30_000],
])('%.20s is nested %i deep', (json, depth) => expect(depthOf(json)).toBe(depth));
