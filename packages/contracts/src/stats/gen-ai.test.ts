import { expect, test } from 'vitest';

import { genAiOperation } from './gen-ai.ts';

test.each([
  [undefined, 'chat'],
  ['chat', 'chat'],
  ['generate', 'text_completion'],
  ['embed', 'embeddings'],
  ['load', 'load'],
  // Apps name operations as they like, also as what every object has.
  ['constructor', 'constructor'],
  ['__proto__', '__proto__'],
])('the operation %s is known elsewhere as %s', (operation, name) => {
  expect(genAiOperation(operation)).toBe(name);
});
