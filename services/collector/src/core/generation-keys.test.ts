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

test('a key of another generation, or one that is none, is not of this one', () => {
  const { global, shard } = createKeys({ shards: 1, generation: 2 });
  expect(nameInGeneration(shard(0).feed, 'g3:')).toBeUndefined();
  expect(nameInGeneration(shard(0).feed, '')).toBeUndefined();
  expect(nameInGeneration('somebody-elses', 'g2:')).toBeUndefined();
  expect(nameInGeneration('x{s0}:epoch', '')).toBeUndefined();
  expect(keyInGeneration('somebody-elses', 'g2:')).toBe('somebody-elses');
  for (const key of [global.alertRules, global.alertChannels]) {
    expect(nameInGeneration(key, 'g2:'), key).toBe(key);
  }
});
