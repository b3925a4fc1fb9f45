import { expect, test } from 'vitest';

import { shardOf } from './shard.ts';

test('requests spread over the shards, each always to the same', () => {
  const counts = [0, 0, 0];
  for (let i = 0; i < 3000; i++) counts[shardOf(`request-${i}`, 3)]! += 1;
  for (const count of counts) expect(count).toBeGreaterThan(800);
  expect(shardOf('request-1', 1)).toBe(0);
  expect(shardOf('load-1-000001', 3)).toBe(shardOf('load-1-000001', 3));
});
