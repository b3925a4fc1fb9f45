import { describe, expect, test } from 'vitest';

import { createKeys, hourBucket, isEndedBits, minuteBucket, sessionKey } from './keys.ts';

describe('keys', () => {
  // Stored data outlive versions: a name that changes here is one that nobody finds again.
  test('of a shard have its tag, those of what a name comes from outside with nothing that could end it', () => {
    const { shard } = createKeys({ shards: 3 });
    const keys = shard(2);
    expect([keys.prefix, keys.active, keys.live, keys.beats, keys.apps, keys.feed]).toEqual([
      ...['{s2}:', '{s2}:active', '{s2}:live', '{s2}:beats', '{s2}:apps', '{s2}:feed'],
    ]);
    expect(keys.request('shop', 'request-1')).toBe('{s2}:req:shop:request-1');
    expect(keys.rollup('m5', 'a:b:c')).toBe('{s2}:roll:m5:a:b:c');
    expect([keys.rollupIndex('h5'), keys.rollupIndex('all')]).toEqual([
      ...['{s2}:rolls:h5', '{s2}:rolls:all'],
    ]);
    expect([keys.totals(false), keys.totals(true)]).toEqual(['{s2}:totals', '{s2}:totals:demo']);
    expect([keys.history(5.0625), keys.historyHours, keys.historyParted]).toEqual([
      ...['{s2}:hist:5.0625', '{s2}:hist', '{s2}:hist-parted'],
    ]);
    const { global } = createKeys({ shards: 1 });
    expect(global.hostSeries('my:box{s1}', 7)).toBe('{s0}:host:my%3Abox%7Bs1%7D:7');
    expect([global.botTrades('a:b'), global.botSeries('a:b', 7)]).toEqual([
      ...['{s0}:bot-trades:a%3Ab', '{s0}:bot:a%3Ab:7'],
    ]);
    expect(sessionKey('abc')).toBe('{s0}:session:abc');
  });

  test('of what comes from requests are of a generation, all others of none', () => {
    const first = createKeys({ shards: 2 });
    const second = createKeys({ shards: 2, generation: 2 });
    expect([first.generation, second.generation]).toEqual([1, 2]);
    const of = (keys: ReturnType<typeof createKeys>) => ({ ...keys.global, ...keys.shard(1) });
    const changed = Object.entries(of(second)).flatMap(([name, key]) =>
      typeof key === 'string' && key !== of(first)[name as 'feed'] ? [name] : [],
    );
    expect(changed.toSorted()).toEqual(
      [
        ...['epoch', 'prefix', 'active', 'live', 'beats', 'apps', 'feed'],
        ...['historyHours', 'historyParted'],
      ].toSorted(),
    );
    expect(second.shard(1).feed).toBe('g2:{s1}:feed');
    expect(second.shard(1).request('shop', 'request-1')).toBe('g2:{s1}:req:shop:request-1');
    expect([second.shard(1).shed, second.shard(1).primary]).toEqual(['{s1}:shed', '{s1}:primary']);
  });

  test('are of the generation that was chosen last', () => {
    const keys = createKeys({ shards: 1 });
    keys.use(3);
    expect([keys.generation, keys.shard(0).feed, keys.global.epoch]).toEqual([
      ...[3, 'g3:{s0}:feed', 'g3:{s0}:epoch'],
    ]);
    keys.use(1);
    expect(keys.shard(0).feed).toBe('{s0}:feed');
  });

  test('of a shard that there is not are an error', () => {
    const keys = createKeys({ shards: 2 });
    expect(() => keys.shard(2)).toThrow('there is no shard 2');
    expect(() => keys.shard(-1)).toThrow(RangeError);
  });
});

test('a bucket is the minute or the hour since 1970 in which a time is', () => {
  const at = Date.UTC(2026, 0, 1, 12, 34, 56, 789);
  expect([minuteBucket(at), hourBucket(at)]).toEqual(['m29454514', 'h490908']);
  expect([minuteBucket(59_999), minuteBucket(60_000), hourBucket(3_600_000)]).toEqual([
    ...['m0', 'm1', 'h1'],
  ]);
});

test('a call has ended with its end, or once it is known that none will come', () => {
  expect([0, 1, 2, 3, 4, 7, 8, 9].map(isEndedBits)).toEqual([
    ...[false, false, false, false, true, true, true, true],
  ]);
});
