import { expect, test } from 'vitest';

import { createBatcher } from './batcher.ts';

function aWorker() {
  const batches: number[][] = [];
  const ends: (() => void)[] = [];
  return {
    batches,
    end: () => ends.shift()?.(),
    work: (items: number[]) => {
      batches.push(items);
      return new Promise<void>((resolve) => ends.push(resolve));
    },
  };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a lone item goes at once, and what comes together goes together', async () => {
  const worker = aWorker();
  const batcher = createBatcher<number>({ max: 10, inFlight: 1, work: worker.work });
  for (const item of [1, 2, 3]) batcher.add(item);
  await turn();
  expect(worker.batches).toEqual([[1, 2, 3]]);
});

test('no more than the limit is in flight, no batch is larger than its limit, nothing is lost', async () => {
  const worker = aWorker();
  const batcher = createBatcher<number>({ max: 2, inFlight: 2, work: worker.work });
  for (let item = 1; item <= 7; item++) batcher.add(item);
  await turn();
  expect(worker.batches).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect(batcher.pending).toBe(7);
  expect(batcher.all()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  const idle = batcher.idle();
  for (let i = 0; i < 4; i++) {
    worker.end();
    await turn();
  }
  await idle;
  expect(worker.batches.flat()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(batcher.pending).toBe(0);
});

test('what comes while all hands are full waits for one of them, and goes on though one failed', async () => {
  const batches: number[][] = [];
  let fail = () => {};
  const work = (items: number[]) => {
    batches.push(items);
    return new Promise<void>((_, reject) => (fail = () => reject(new Error('it said so itself'))));
  };
  const batcher = createBatcher<number>({ max: 10, inFlight: 1, work });
  batcher.add(1);
  await turn();
  for (const item of [2, 3]) batcher.add(item);
  await turn();
  expect(batches).toEqual([[1]]);
  fail();
  await turn();
  expect(batches).toEqual([[1], [2, 3]]);
  fail();
  await turn();
  batcher.add(4);
  await turn();
  expect(batches).toEqual([[1], [2, 3], [4]]);
});

test('is idle once all is done that was added, for whoever waits for it, and at once when there is nothing', async () => {
  const worker = aWorker();
  const batcher = createBatcher<number>({ max: 1, inFlight: 2, work: worker.work });
  await batcher.idle();
  for (const item of [1, 2, 3]) batcher.add(item);
  const heard: string[] = [];
  // One asks before anything is under way, one while the last is.
  void batcher.idle().then(() => heard.push('early'));
  await turn();
  for (let ended = 0; ended < 2; ended++) {
    worker.end();
    await turn();
  }
  expect(batcher.pending).toBe(1);
  void batcher.idle().then(() => heard.push('late'));
  await turn();
  expect(heard).toEqual([]);
  worker.end();
  await turn();
  expect(heard).toEqual(['early', 'late']);
  await batcher.idle();
});
