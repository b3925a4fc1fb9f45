import { expect, test } from 'vitest';

import { fitsSubject } from './event-subjects.ts';

test.each([
  ['llm.request.>', 'llm.request.started.a.m', true],
  ['llm.request.>', 'llm.request', false],
  ['llm.*.started.a.m', 'llm.request.started.a.m', true],
  ['llm.request.*.a.>', 'llm.request.failed.a.m', true],
  ['llm.request.*.a.>', 'llm.request.failed.b.m', false],
  ['llm.request.failed.a.m', 'llm.request.failed.a.m', true],
  ['llm.request.failed.a', 'llm.request.failed.a.m', false],
  ['llm.request.failed.a.m.x', 'llm.request.failed.a.m', false],
])('%s and %s', (pattern, subject, fits) => {
  expect(fitsSubject(pattern, subject)).toBe(fits);
});
