import type { RequestRecord } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { eventsOfRecord } from './events-of-record.ts';

const record: RequestRecord = {
  ...{ bits: 0, id: 'request-1', app: 'shop', model: 'm:1', promptPreview: 'Why?' },
  ...{ startedAtMs: 1000, endedAtMs: 4000, durationMs: 3001, ttftMs: 250, outcome: 'error' },
};
const marks = (bits: number, of: Partial<RequestRecord> = {}) =>
  eventsOfRecord({ ...record, bits, ...of }).map(({ mark, atMs, startedAtMs }) => [
    ...[mark, atMs, startedAtMs],
  ]);

test('a kept request has the events whose bits it has, each in its own time', () => {
  expect(marks(0)).toEqual([]);
  expect(marks(1)).toEqual([['start', 1000, 1000]]);
  expect(marks(1 | 2)).toEqual([
    ['start', 1000, 1000],
    ['firstToken', 1250, 1000],
  ]);
  expect(marks(1 | 2 | 4)).toEqual([
    ['start', 1000, 1000],
    ['firstToken', 1250, 1000],
    ['end', 4000, 1000],
  ]);
  expect(marks(8)).toEqual([['orphan', 4000, 1000]]);
});

test('all of them say what was asked, and the end how it ended', () => {
  const [start, firstToken, end, orphan] = eventsOfRecord({ ...record, bits: 1 | 2 | 4 | 8 });
  for (const event of [start, firstToken, end, orphan]) {
    expect(event).toMatchObject({
      ...{ app: 'shop', id: 'request-1' },
      data: { requestId: 'request-1', model: 'm:1', promptPreview: 'Why?' },
    });
  }
  expect(firstToken?.data).toMatchObject({ ttftMs: 250 });
  expect(end?.data).toMatchObject({ outcome: 'error', durationMs: 3001 });
  expect(orphan?.data).toMatchObject({ outcome: 'orphaned' });
});

test('what a request does not say of its times comes from what it does say', () => {
  const { startedAtMs: _s, endedAtMs: _e, durationMs: _d, ttftMs: _t, ...timeless } = record;
  const only = (of: Partial<RequestRecord>) => eventsOfRecord({ ...timeless, bits: 4, ...of });
  expect(only({ startedAtMs: 1000, durationMs: 500 })).toMatchObject([{ atMs: 1500 }]);
  expect(only({ endedAtMs: 4000 })).toMatchObject([{ startedAtMs: 4000, data: { durationMs: 0 } }]);
  expect(only({ startedAtMs: 1000, endedAtMs: 4000 })).toMatchObject([
    { data: { durationMs: 3000 } },
  ]);
  const [firstToken] = only({ bits: 2, startedAtMs: 1000 });
  expect(firstToken).toMatchObject({ atMs: 1000, data: { ttftMs: 0 } });
});
