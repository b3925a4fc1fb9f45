import { expect, test } from 'vitest';

import { parseRequestMember, parseRollupMember, requestMember, rollupMember } from './keys.ts';
import { decodeRecord, encodeRecord } from './record-codec.ts';
import type { RequestRecord } from './request-record.ts';
import { shardOf } from './shard.ts';

test.each([
  { model: 'llama3.2:3b', app: 'generator', host: 'box', demo: false },
  { model: 'hf.co/a:b%3A{s1}', app: 'a b', host: '', demo: true },
])('a rollup member gives its dimensions back: $model', (dimensions) => {
  expect(parseRollupMember(rollupMember(dimensions))).toEqual(dimensions);
});

test('a request member gives its id and app back', () => {
  expect(parseRequestMember(requestMember('app', 'request-1'))).toEqual({
    id: 'request-1',
    app: 'app',
  });
});

test('requests spread over the shards, each always to the same', () => {
  const counts = [0, 0, 0];
  for (let i = 0; i < 3000; i++) counts[shardOf(`request-${i}`, 3)]! += 1;
  for (const count of counts) expect(count).toBeGreaterThan(800);
  expect(shardOf('request-1', 1)).toBe(0);
  expect(shardOf('load-1-000001', 3)).toBe(shardOf('load-1-000001', 3));
});

test('a record comes back as it was written', () => {
  const record: RequestRecord = {
    ...{ bits: 5, id: 'request-1', app: 'a', model: 'm:1', stream: false, demo: true },
    ...{
      durationMs: 12.345,
      tags: ['x'],
      keepAlive: -1,
      usage: { outputTokens: 3, source: 'server' },
    },
    error: { type: 'TypeError', message: 'fetch failed' },
  };
  const flat = encodeRecord(record, 'json');
  const hash: Record<string, string> = {};
  for (let i = 0; i < flat.length; i += 2) hash[flat[i]!] = flat[i + 1]!;
  expect(decodeRecord({ id: 'request-1', app: 'a' }, hash)).toEqual(record);
  expect(decodeRecord({ id: 'request-1', app: 'a' }, {})).toBeUndefined();
});
