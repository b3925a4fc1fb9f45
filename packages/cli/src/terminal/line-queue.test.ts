import { expect, test } from 'vitest';

import { createLineQueue } from './line-queue.ts';

test('lines that a slow reader does not take are counted, and only so many wait', async () => {
  const written: string[] = [];
  let take = () => undefined as void;
  const queue = createLineQueue({
    maxWaiting: 2,
    write: (text) => {
      written.push(text);
      return new Promise<void>((resolve) => (take = resolve));
    },
  });
  for (const line of ['a', 'b', 'c', 'd', 'e']) queue.add(line);
  expect(written).toEqual(['a\n']);
  expect(queue.takeMissed()).toBe(0);
  take();
  await Promise.resolve();
  expect(written).toEqual(['a\n', 'b\nc\n']);
  expect([queue.takeMissed(), queue.takeMissed()]).toEqual([2, 0]);
});
