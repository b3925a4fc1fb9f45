import type { RequestRecord } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { createHistoryFilter, type HistoryFilter } from './history-filter.ts';

const record: RequestRecord = {
  bits: 5,
  id: 'Request-1',
  app: 'shop',
  model: 'llama3.2:3b',
  outcome: 'orphaned',
  promptPreview: 'Wie heißt der höchste BERG?',
  responsePreview: 'Everest',
  error: { type: 'OrphanedError', message: 'the app fell silent' },
};
const passes = (filter: Partial<HistoryFilter>, of: Partial<RequestRecord> = {}) =>
  createHistoryFilter({ demo: false, ...filter })({ ...record, ...of });

test.each([
  'request-1',
  'HÖCHSTE berg',
  'everest',
  'fell silent',
  'orphanederror',
  'shop',
  '3.2:3B',
])('the text "%s" is found whatever its case', (q) => {
  expect(passes({ q })).toBe(true);
});

test('a text that stands nowhere is not found', () => {
  expect(passes({ q: 'K2' })).toBe(false);
});

test('an orphaned call counts as failed', () => {
  expect(passes({ status: ['failed', 'timeout'] })).toBe(true);
  expect(passes({ status: ['timeout', 'completed'] })).toBe(false);
});

test('names are compared whole', () => {
  expect(passes({ model: 'llama3.2' })).toBe(false);
  expect(passes({ model: 'llama3.2:3b', app: 'shop' })).toBe(true);
});

test('every name that is given must be the call’s', () => {
  const of = { host: 'box', sessionId: 's-1', userId: 'u-1' };
  const given = { host: 'box', session: 's-1', user: 'u-1', model: record.model, app: 'shop' };
  expect(passes(given, of)).toBe(true);
  for (const name of Object.keys(given)) {
    expect(passes({ ...given, [name]: 'other' }, of), name).toBe(false);
    expect(passes({ [name]: 'other' }, of), name).toBe(false);
  }
  expect(passes({ session: 's-1' })).toBe(false);
});

test('a call of which no end is known counts as failed, and an empty text as none', () => {
  const { outcome: _, ...endless } = record;
  expect(createHistoryFilter({ demo: false, status: ['failed'] })(endless)).toBe(true);
  expect(createHistoryFilter({ demo: false, status: [] })(endless)).toBe(false);
  expect(passes({ q: '' })).toBe(true);
});

test('demo traffic passes only where it is wanted', () => {
  expect(
    [false, 'include', 'only'].map((demo) =>
      passes({ demo: demo as HistoryFilter['demo'] }, { demo: true }),
    ),
  ).toEqual([false, true, true]);
  expect(passes({ demo: 'only' })).toBe(false);
});
