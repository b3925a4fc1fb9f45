import { expect, test } from 'vitest';

import { parseHello, parseResume, parseWatch } from './messages.ts';

test('a resume is a life of the store and a place in its feed', () => {
  expect(parseResume({ epoch: 'e', pos: ['1-0', '22-3'], more: 1 })).toEqual({
    epoch: 'e',
    pos: ['1-0', '22-3'],
  });
  const wrong = [
    undefined,
    null,
    'x',
    {},
    { epoch: '', pos: ['1-0'] },
    { epoch: 'e', pos: [] },
    { epoch: 'e', pos: '1-0' },
    { epoch: 'e', pos: ['$'] },
    { epoch: 'e', pos: ['1-0 COUNT 9'] },
    { epoch: 'e', pos: Array.from({ length: 1025 }, () => '1-0') },
  ];
  expect(wrong.map(parseResume)).toEqual(wrong.map(() => undefined));
});

test('a watch says what it changes, and nothing else', () => {
  expect(parseWatch({})).toEqual({});
  expect(parseWatch({ demo: true, constructor: 1 })).toEqual({ demo: true });
  expect([null, [], 'x', { paused: 1 }].map(parseWatch).filter(Boolean)).toEqual([]);
});

test('of a hello the parts that make sense count', () => {
  const resume = { epoch: 'e', pos: ['1-0'] };
  expect(parseHello({ demo: true, resume })).toEqual({ demo: true, resume });
  expect(parseHello({ demo: true, resume: { epoch: 'e' } })).toEqual({ demo: true });
  expect(parseHello({ demo: 'yes', resume })).toEqual({ resume });
  expect(parseHello(undefined)).toEqual({});
});
