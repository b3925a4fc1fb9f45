import { expect, test } from 'vitest';

import { encodeRecord } from '../redis/record-codec.ts';
import { toFeedOps } from './from-feed.ts';

const STARTED_AT = Date.UTC(2026, 4, 1, 12);
const asked = encodeRecord(
  { model: 'm:1', startedAtMs: STARTED_AT, promptPreview: 'Why?' },
  'short',
);
const result = encodeRecord(
  {
    outcome: 'completed',
    durationMs: 1500,
    endedAtMs: STARTED_AT + 1500,
  },
  'json',
);

test('an entry tells of many requests, each by the fields that were written', () => {
  const fields = [
    ...['request-1:shop', 's1', ...asked],
    ...['request-2:shop', 'f3', 'f', '250'],
    ...['request-3:a_b', 'e7', ...asked, ...result],
  ];
  expect(toFeedOps(fields)).toMatchObject([
    ['start', { id: 'request-1', app: 'shop', model: 'm:1', prompt: 'Why?', phase: 'waiting' }],
    ['first', 'request-2:shop', 0.25],
    ['end', { id: 'request-3', app: 'a_b', model: 'm:1', prompt: 'Why?', duration: 1.5 }],
  ]);
});

test('a later field of a request replaces an earlier one', () => {
  const fields = ['request-1:shop', 'e7', ...asked, 's', String(STARTED_AT + 100), ...result];
  expect(toFeedOps(fields)).toMatchObject([['end', { started_at: '2026-05-01T12:00:00.100Z' }]]);
});

test('an entry of an earlier version is read as it was written', () => {
  const op = ['first', 'request-1:shop', 0.5];
  expect(toFeedOps(['ops', JSON.stringify([op, ['new', 1]])])).toEqual([op]);
});

test.each([
  [[]],
  [['ops']],
  [['ops', '{']],
  [['x', 'y']],
  [['a:b', 'z1']],
  [['a:b', 'e5', 'a', '{']],
])('%j says nothing', (fields) => {
  expect(toFeedOps(fields)).toEqual([]);
});
