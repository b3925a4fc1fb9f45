import { describe, expect, test } from 'vitest';

import { dayOf, spanBefore, spanOf, spanQuery } from './span.ts';

const NOW = Date.UTC(2026, 4, 10, 12);

describe('the span of an address', () => {
  test('is what it names, else the ordinary one', () => {
    expect(spanOf('range=7d', '1h', NOW)).toEqual({ isLive: true, range: '7d', seconds: 604_800 });
    expect(spanOf('range=odd', '1h', NOW)).toMatchObject({ isLive: true, range: '1h' });
  });

  test('is from one time to another, or to now', () => {
    const from = '2026-05-10T10:00:00Z';
    expect(spanOf(`from=${from}&to=2026-05-10T11:00:00Z`, '1h', NOW)).toMatchObject({
      ...{ isLive: false, seconds: 3600 },
    });
    expect(spanOf(`from=${from}`, '1h', NOW)).toMatchObject({ isLive: false, toMs: NOW });
  });

  test('is the ordinary one where its times are none, or the wrong way round', () => {
    expect(spanOf('from=yesterday', '1h', NOW).isLive).toBe(true);
    expect(spanOf('from=2026-05-10&to=2026-05-09', '1h', NOW).isLive).toBe(true);
  });
});

test('the time before is as long, and asked for in the same steps', () => {
  const span = spanOf('range=6h', '1h', NOW);
  expect(spanQuery(span, NOW)).toEqual({ range: '6h' });
  expect(spanQuery(span, NOW, true)).toEqual({
    ...{ from: '2026-05-10T00:00:00.000Z', to: '2026-05-10T12:00:00.000Z', step: '120' },
  });
  expect(spanBefore(span, NOW)).toEqual({
    ...{ from: '2026-05-10T00:00:00.000Z', to: '2026-05-10T06:00:00.000Z' },
  });
  const week = spanOf('range=7d', '1h', NOW);
  expect(spanQuery(week, NOW, true)).toMatchObject({ step: '3600' });
});

test('a day in UTC is from midnight to midnight there', () => {
  expect(dayOf(NOW, 1, 'utc')).toEqual({
    ...{ from: '2026-05-09T00:00:00.000Z', to: '2026-05-10T00:00:00.000Z' },
  });
});
