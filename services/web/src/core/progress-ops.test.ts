import { expect, test } from 'vitest';

import { parseProgress } from './progress-ops.ts';

const data = {
  requestId: 'request-1',
  app: 'someone-else',
  model: 'phi3',
  phase: 'generating',
  chunks: 12,
  chars: 50,
};
const body = (change: object = {}) => JSON.stringify({ data: { ...data, ...change } });

test('progress names the app of its subject, whatever its body says', () => {
  expect(parseProgress('llm.progress.shop.phi3', body({ tokensPerSecond: 31.5 }))).toEqual({
    key: 'request-1:shop',
    demo: false,
    op: ['progress', 'request-1:shop', 'generating', 12, 31.5, null],
  });
});

test('progress of demo traffic says so', () => {
  expect(parseProgress('llm.progress.shop.phi3', body({ demo: true }))?.demo).toBe(true);
});

test('what is no progress is nothing', () => {
  const wrong = [
    '',
    'null',
    '7',
    '{}',
    '{"data":',
    body({ requestId: 'a:b' }),
    body({ phase: 'dreaming' }),
    body({ chunks: -1 }),
    body({ model: 'x'.repeat(20_000) }),
  ];
  const read = wrong.map((text) => parseProgress('llm.progress.shop.phi3', text));
  expect(read).toEqual(wrong.map(() => undefined));
});
