import { describe, expect, test } from 'vitest';

import { describePlace, hasForgotten, justAfter, readPlace } from './stream-place.ts';

const at = '2026-11-29T16:00:00.123456789Z';
const place = { sequence: 40, storedAt: at };

describe('a place in a stream', () => {
  test('is read as it was written', () => expect(readPlace(describePlace(place))).toEqual(place));

  test.each([
    undefined,
    '',
    'of mine',
    'handed on up to message 1',
    'handed on up to message x, stored at 2026-11-29T16:00:00Z',
    'handed on up to message 1, stored at 2026-99-99T16:00:00Z',
  ])('is not made of other texts: %s', (text) => expect(readPlace(text)).toBeUndefined());
});

describe('a stream', () => {
  const same = { last: 50, delivered: 45, storedAt: at };

  test('that has what was handed out has forgotten nothing', () => {
    expect(hasForgotten(place, same)).toBe(false);
    expect(hasForgotten(undefined, same)).toBe(false);
    // Deleted, or older than is kept.
    expect(hasForgotten(place, { ...same, storedAt: undefined })).toBe(false);
    expect(hasForgotten(undefined, { last: 0, delivered: 0, storedAt: undefined })).toBe(false);
  });

  test('that ends before what was handed out has', () => {
    expect(hasForgotten(place, { last: 44, delivered: 45, storedAt: at })).toBe(true);
    expect(hasForgotten(undefined, { last: 44, delivered: 45, storedAt: undefined })).toBe(true);
    // The consumer is as old as the stream.
    expect(hasForgotten(place, { last: 39, delivered: 39, storedAt: undefined })).toBe(true);
  });

  test('that has another message of that number has, however many came since', () => {
    const other = '2026-11-29T16:00:00.123456788Z';
    expect(hasForgotten(place, { ...same, storedAt: other })).toBe(true);
    expect(hasForgotten({ ...place, sequence: 0 }, { ...same, storedAt: other })).toBe(false);
  });
});

test.each([
  [at, '2026-11-29T16:00:00.123456790Z'],
  ['2026-11-29T16:00:00.1Z', '2026-11-29T16:00:00.100000001Z'],
  ['2026-11-29T16:00:00Z', '2026-11-29T16:00:00.000000001Z'],
  ['2026-12-31T23:59:59.999999999Z', '2027-01-01T00:00:00.000000000Z'],
])('the first moment after %s is %s', (time, after) => expect(justAfter(time)).toBe(after));
