import { expect, test } from 'vitest';

import { shardOf } from './shard.ts';

test('requests spread over the shards, each always to the same', () => {
  const counts = [0, 0, 0];
  for (let i = 0; i < 3000; i++) counts[shardOf(`request-${i}`, 3)]! += 1;
  for (const count of counts) expect(count).toBeGreaterThan(800);
  expect(shardOf('request-1', 1)).toBe(0);
  expect(shardOf('load-1-000001', 3)).toBe(shardOf('load-1-000001', 3));
});

test('a request stays in the shard that it was written to by any version', () => {
  const ids = ['request-1', '0123456789', 'load-1-000001', 'a_b-C9xx'];
  expect(ids.map((id) => shardOf(id, 3))).toEqual([1, 0, 0, 0]);
  expect(ids.map((id) => shardOf(id, 16))).toEqual([4, 2, 1, 4]);
});
