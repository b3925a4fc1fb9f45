import { createKeys, rollupMember } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import type { Store } from '../store.ts';
import { createKeptSlicesCache, readKeptSlices } from './kept-slices.ts';

const HOUR_MS = 3_600_000;
const NOON = 500_000 * HOUR_MS;
const of = { model: 'm', app: 'shop', host: 'box' };

/** A store whose every hour has one call and one of a demo; it counts how many hours it was asked for. */
function createStore() {
  const keys = createKeys({ shards: 1 });
  const members = [false, true].map((demo) => rollupMember({ ...of, demo }));
  let asked = 0;
  let answer: () => Promise<void> = async () => undefined;
  const redis = {
    pipeline: (commands: [string, string][]) => ({
      async exec() {
        asked += commands.filter(([name]) => name === 'smembers').length;
        await answer();
        return commands.map(([name]) => [null, name === 'smembers' ? members : { n: '1' }]);
      },
    }),
  };
  return {
    store: { redis, keys } as unknown as Store,
    keys,
    takeAsked() {
      const taken = asked;
      asked = 0;
      return taken;
    },
    answerBy: (by: () => Promise<void>) => void (answer = by),
  };
}
const startedOf = (slices: Awaited<ReturnType<typeof readKeptSlices>>) =>
  slices.map(({ of: { demo }, rollup }) => [demo, rollup.counts.started]);

const KEPT_HOURS = 90 * 24 + 1;

test('all hours that are kept are added up, with or without demo traffic', async () => {
  const { store } = createStore();
  const read = async (demo: false | 'include' | 'only') =>
    startedOf(await readKeptSlices(store, { demo, nowMs: NOON }));
  expect(await read(false)).toEqual([[false, KEPT_HOURS]]);
  expect(await read('only')).toEqual([[true, KEPT_HOURS]]);
  expect(await read('include')).toEqual([
    [false, KEPT_HOURS],
    [true, KEPT_HOURS],
  ]);
});

test('hours that are over are read once a minute, the present one and the one before always', async () => {
  const { store, keys, takeAsked } = createStore();
  const cache = createKeptSlicesCache();
  const askedAt = async (nowMs: number) => {
    const slices = await readKeptSlices(store, { demo: false, nowMs, cache });
    expect(startedOf(slices)).toEqual([[false, KEPT_HOURS]]);
    return takeAsked();
  };
  expect(await askedAt(NOON)).toBe(KEPT_HOURS);
  expect(await askedAt(NOON + 59_999)).toBe(2);
  expect(await askedAt(NOON + 60_000)).toBe(KEPT_HOURS);
  expect(await askedAt(NOON + 61_000)).toBe(2);
  keys.use(2);
  expect(await askedAt(NOON + 62_000)).toBe(KEPT_HOURS);
  // An hour later there is one more that is over.
  await askedAt(NOON + HOUR_MS - 1000);
  expect(await askedAt(NOON + HOUR_MS)).toBe(KEPT_HOURS);
});

test('a reading that fails is not kept, and takes none away that was made since', async () => {
  const { store, takeAsked, answerBy } = createStore();
  const cache = createKeptSlicesCache();
  const read = (nowMs: number) => readKeptSlices(store, { demo: false, nowMs, cache });
  const waiting: ((error: Error) => void)[] = [];
  answerBy(() => new Promise((_, reject) => waiting.push(reject)));
  const first = read(NOON);
  answerBy(async () => undefined);
  await read(NOON + 60_000);
  for (const fail of waiting) fail(new Error('Command timed out'));
  await expect(first).rejects.toThrow('timed out');
  takeAsked();
  await read(NOON + 61_000);
  expect(takeAsked()).toBe(2);
  answerBy(() => Promise.reject(new Error('Command timed out')));
  await expect(read(NOON + 120_000)).rejects.toThrow('timed out');
  answerBy(async () => undefined);
  takeAsked();
  await read(NOON + 121_000);
  expect(takeAsked()).toBe(KEPT_HOURS);
});
