import { createKeys } from '@llm-monitor/contracts/redis';
import { expect, test } from 'vitest';

import { keyInGeneration, nameInGeneration } from './generation-keys.ts';

test('every key of a shard that a generation has for itself is known as one', () => {
  const shard = createKeys({ shards: 1, generation: 2 }).shard(0);
  const keys = Object.values(shard).flatMap((key) => (typeof key === 'string' ? [key] : []));
  const own = keys.filter((key) => key.startsWith('g2:') && key !== shard.prefix);
  expect(own).toContain(shard.historyParted);
  for (const key of own) {
    const name = nameInGeneration(key, 'g2:');
    expect(name, key).toBe(key.slice('g2:'.length));
    expect(keyInGeneration(name ?? '', 'g3:')).toBe(`g3:${name}`);
  }
});
