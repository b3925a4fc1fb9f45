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
