import { expect, test } from 'vitest';

import { apiQuery, statusesOf } from './history-query.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const asked = (filter: string, demo = false) =>
  Object.fromEntries(new URLSearchParams(apiQuery(filter, { demo, nowMs: NOW })));

test('what the address says is asked of the API', () => {
  expect(asked('')).toEqual({});
  expect(asked('q=why+blue&model=m%3A1&app=shop&session=s')).toEqual({
    ...{ q: 'why blue', model: 'm:1', app: 'shop', session: 's' },
  });
  expect(asked('', true)).toEqual({ demo: 'only' });
});

test('a span of time ends now, and stands before times of their own', () => {
  expect(asked('range=1h&from=2026-01-01&to=2026-01-02')).toEqual({
    from: '2026-11-24T11:00:00.000Z',
  });
  expect(asked('range=6h')).toEqual({ from: '2026-11-24T06:00:00.000Z' });
  expect(asked('range=30d')).toEqual({ from: '2026-10-25T12:00:00.000Z' });
  expect(asked('range=odd')).toEqual({});
  expect(asked('from=2026-01-01')).toEqual({ from: '2026-01-01' });
});

test('statuses that there are not are left out', () => {
  expect(asked('status=timeout,odd,failed')).toEqual({ status: 'failed,timeout' });
  expect(statusesOf(new URLSearchParams('status=odd'))).toEqual([]);
});
