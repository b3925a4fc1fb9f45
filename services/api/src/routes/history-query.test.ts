import { expect, test } from 'vitest';

import { nextPage, toHistoryOptions } from './history-query.ts';

test('the next page asks the same question behind the cursor', () => {
  const link = nextPage('/api/requests?q=a%26b+c&cursor=old&limit=5', 'new');
  expect(link).toBe('</api/requests?q=a%26b+c&cursor=new&limit=5>; rel="next"');
});

test('a question mark within what is asked for stays there', () => {
  const link = nextPage('/api/requests?q=why?+me&limit=5', 'new');
  expect(link).toBe('</api/requests?q=why%3F+me&limit=5&cursor=new>; rel="next"');
});

test('the next page of a bare question has the cursor alone', () => {
  expect(nextPage('/api/requests', 'abc')).toBe('</api/requests?cursor=abc>; rel="next"');
});

test('every filter that is given counts, and no other does', () => {
  const given = { session: 's-1', user: 'ada', q: 'sky', verdict: 'looping' } as const;
  expect(toHistoryOptions({ limit: 5, ...given })).toEqual({
    limit: 5,
    filter: { demo: false, ...given },
  });
  const bare = toHistoryOptions({ limit: 5 });
  expect([Object.keys(bare), Object.keys(bare.filter)]).toEqual([['limit', 'filter'], ['demo']]);
});

test('a cursor that no page gave is refused', () => {
  expect(() => toHistoryOptions({ limit: 5, cursor: 'made up' })).toThrow(/cursor.*made up/);
});

test('times may have any zone, and a date is a day in UTC', () => {
  const { filter } = toHistoryOptions({
    limit: 5,
    from: '2026-05-01',
    to: '2026-05-01T12:00:00+02:00',
  });
  expect(filter).toEqual({
    demo: false,
    fromMs: Date.UTC(2026, 4, 1),
    toMs: Date.UTC(2026, 4, 1, 10),
  });
});

test.each(['2026-02-31', '2026-02-29T10:00:00Z', '2026-04-31T23:00:00+02:00', '2026-13-01'])(
  '%s is no day, and not taken for another one',
  (from) => {
    expect(() => toHistoryOptions({ limit: 5, from })).toThrow(/from.*2026-05-01.*it is "2026/);
  },
);

test('29 February is one in a leap year', () => {
  const { filter } = toHistoryOptions({ limit: 5, from: '2028-02-29' });
  expect(filter.fromMs).toBe(Date.UTC(2028, 1, 29));
});

test('statuses are a list, with or without spaces', () => {
  const { filter } = toHistoryOptions({ limit: 5, status: 'failed, timeout' });
  expect(filter.status).toEqual(['failed', 'timeout']);
});

test('an app is found by its name on NATS, and by the one that it gave itself', () => {
  const appOf = (app: string) => toHistoryOptions({ limit: 5, app }).filter.app;
  expect(appOf('my.shop app')).toBe('my_shop_app');
  expect(appOf('my_shop_app')).toBe('my_shop_app');
  expect(appOf('')).toBe('');
});

test('a status that there is not is refused with those that there are', () => {
  expect(() => toHistoryOptions({ limit: 5, status: 'failed,broken' })).toThrow(
    /completed, failed, timeout, cancelled.*failed,broken/,
  );
});
