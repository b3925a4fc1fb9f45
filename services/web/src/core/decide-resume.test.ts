import { expect, test } from 'vitest';

import { canResume } from './decide-resume.ts';

const bounds = (first: string, last: string) => ({ first, last });
const empty = { first: undefined, last: undefined };

test('a browser resumes from anywhere between the first and the last entry of each shard', () => {
  const feed = [bounds('5-0', '9-0'), bounds('2-0', '2-5')];
  expect(canResume(['5-0', '2-5'], feed)).toBe(true);
  expect(canResume(['9-0', '2-0'], feed)).toBe(true);
});

test('a position before the first entry of any shard needs a snapshot: entries may be gone', () => {
  expect(canResume(['5-0', '1-9'], [bounds('5-0', '9-0'), bounds('2-0', '2-5')])).toBe(false);
});

test('a position behind the last entry needs a snapshot: the store has lost its end', () => {
  expect(canResume(['10-0'], [bounds('5-0', '9-0')])).toBe(false);
});

test('of an empty feed only its beginning can be resumed', () => {
  expect(canResume(['0-0'], [empty])).toBe(true);
  expect(canResume(['3-0'], [empty])).toBe(false);
});

test('a position of another number of shards needs a snapshot', () => {
  expect(canResume(['5-0'], [bounds('5-0', '9-0'), empty])).toBe(false);
});
