import type { Bucket, Dimensions, Rollup } from '@llm-monitor/contracts/redis';

import { hasNames, type Names } from '../has-names.ts';
import { fromEachShard, matchesDemo, readMany, type DemoFilter, type Store } from '../store.ts';
import { readBuckets } from './read-rollups.ts';

const UNIT_SECONDS = { minute: 60, hour: 3600 } as const;
/** So many buckets are looked at at once for whether they hold anything. */
const LOOKS_AT_ONCE = 60;
/** So many rollups are read at once, or those of one bucket if it has more. */
const ROWS_AT_ONCE = 1000;

/** One rollup, and where it stands. */
export interface RollupRow {
  startMs: number;
  stepSeconds: number;
  of: Dimensions;
  rollup: Rollup;
}

/** Which rollups. */
export interface RollupQuery extends Names {
  resolution: keyof typeof UNIT_SECONDS;
  fromMs: number;
  toMs: number;
  demo: DemoFilter;
}

/** All rollups that fit, oldest first, in each bucket by model, app and host; a part at a time, the next is read when it is wanted. */
export async function* rollupPages(
  store: Store,
  query: RollupQuery,
): AsyncGenerator<RollupRow[], void> {
  const stepSeconds = UNIT_SECONDS[query.resolution];
  const buckets = bucketsOf(query, stepSeconds * 1000);
  for (let from = 0; from < buckets.length; from += LOOKS_AT_ONCE) {
    const part = buckets.slice(from, from + LOOKS_AT_ONCE);
    const sizes = await sizesOf(store, part);
    let at = 0;
    while (at < part.length) {
      let end = at;
      let rows = 0;
      do rows += sizes[end++] ?? 0;
      while (end < part.length && rows + (sizes[end] ?? 0) <= ROWS_AT_ONCE);
      if (rows > 0) yield await readRows(store, part.slice(at, end), query, stepSeconds);
      at = end;
    }
  }
}

function bucketsOf({ fromMs, toMs, resolution }: RollupQuery, unitMs: number): Bucket[] {
  const buckets: Bucket[] = [];
  for (let at = Math.floor(fromMs / unitMs); at * unitMs < toMs; at++) {
    buckets.push(resolution === 'hour' ? `h${at}` : `m${at}`);
  }
  return buckets;
}

async function sizesOf(store: Store, buckets: readonly Bucket[]): Promise<number[]> {
  const perShard = await fromEachShard(store, (shard) => {
    const { rollupIndex } = store.keys.shard(shard);
    return readMany(
      store.redis,
      buckets.map((bucket) => ['scard', rollupIndex(bucket)] as const),
    );
  });
  return buckets.map((_, i) => perShard.reduce((sum, sizes) => sum + Number(sizes[i]), 0));
}

async function readRows(
  store: Store,
  buckets: readonly Bucket[],
  query: RollupQuery,
  stepSeconds: number,
): Promise<RollupRow[]> {
  const found = await readBuckets(store, buckets, (of) => isWanted(of, query));
  const startMs = (bucket: Bucket) => Number(bucket.slice(1)) * stepSeconds * 1000;
  return found
    .sort((a, b) => startMs(a.bucket) - startMs(b.bucket) || (a.member < b.member ? -1 : 1))
    .map(({ bucket, of, rollup }) => ({ startMs: startMs(bucket), stepSeconds, of, rollup }));
}

function isWanted(of: Dimensions, query: RollupQuery): boolean {
  return matchesDemo(of.demo, query.demo) && hasNames(of, query);
}
