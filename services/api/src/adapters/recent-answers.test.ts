import { expect, test } from 'vitest';

import { createRecentAnswers } from './recent-answers.ts';

function setUp(maxKeys = 10) {
  const clock = { ms: 0 };
  let reads = 0;
  const answers = createRecentAnswers({ freshMs: 250, maxKeys, elapsedMs: () => clock.ms });
  const read = async () => ({ read: ++reads });
  return { answers, clock, read, readings: () => reads };
}

test('many askers at once cost one reading', async () => {
  const { answers, read, readings } = setUp();
  const bodies = await Promise.all(Array.from({ length: 50 }, () => answers.get('a', read)));
  expect(readings()).toBe(1);
  expect(new Set(bodies.map(String))).toEqual(new Set(['{"read":1}']));
});

test('an answer is read again when its time is over', async () => {
  const { answers, clock, read } = setUp();
  await answers.get('a', read);
  clock.ms = 249;
  expect(String(answers.peek('a'))).toBe('{"read":1}');
  expect(String(await answers.get('a', read))).toBe('{"read":1}');
  clock.ms = 250;
  expect(answers.peek('a')).toBeUndefined();
  expect(String(await answers.get('a', read))).toBe('{"read":2}');
});

test('an error is told to all who wait, and the next one asks anew', async () => {
  const { answers, read } = setUp();
  const fail = () => Promise.reject(new Error('away'));
  await expect(Promise.all([answers.get('a', fail), answers.get('a', fail)])).rejects.toThrow(
    'away',
  );
  expect(String(await answers.get('a', read))).toBe('{"read":1}');
});

test('a reading that fails before it has begun to wait is none for those who ask later', async () => {
  const { answers, read } = setUp();
  const fail = (): never => {
    throw new Error('away');
  };
  await expect(answers.get('a', fail)).rejects.toThrow('away');
  expect(String(await answers.get('a', read))).toBe('{"read":1}');
});

test('only so many answers are kept', async () => {
  const { answers, read } = setUp(2);
  for (const key of ['a', 'b', 'c']) await answers.get(key, read);
  expect(['a', 'b', 'c'].map((key) => answers.peek(key) !== undefined)).toEqual([
    false,
    true,
    true,
  ]);
});

test.each([12, 100_000])('an answer of %i characters of any script comes whole', async (length) => {
  const { answers } = setUp();
  const text = 'è😀x'.repeat(length / 4);
  const body = await answers.get('a', () => Promise.resolve({ text }));
  expect(JSON.parse(String(body))).toEqual({ text });
});
