import {
  addRollupFields,
  emptyRollup,
  parseRollupMember,
  type Bucket,
  type Dimensions,
  type Rollup,
} from '@llm-monitor/contracts/redis';

import { fromEachShard, readMany, type Store } from '../store.ts';

/** Counts of one combination of model, app and host. */
export interface Slice {
  of: Dimensions;
  rollup: Rollup;
}

export type SliceFilter = (of: Dimensions) => boolean;

interface Stored {
  group: string;
  key: string;
}

/** Counts of the buckets together, one slice a combination. */
export async function readSlices(
  store: Store,
  buckets: readonly Bucket[],
  isWanted: SliceFilter,
): Promise<Slice[]> {
  const groups = await readGroups(store, buckets, isWanted, (_, member) => member);
  return [...groups].map(([member, rollup]) => ({ of: parseRollupMember(member), rollup }));
}

/** Counts of each bucket and combination. */
export async function readBuckets(
  store: Store,
  buckets: readonly Bucket[],
  isWanted: SliceFilter,
): Promise<(Slice & { bucket: Bucket; member: string })[]> {
  // Neither part holds a blank.
  const groupOf = (bucket: Bucket, member: string) => `${bucket} ${member}`;
  const groups = await readGroups(store, buckets, isWanted, groupOf);
  return [...groups].map(([group, rollup]) => {
    const [bucket, member = ''] = group.split(' ');
    return { bucket: bucket as Bucket, member, of: parseRollupMember(member), rollup };
  });
}

/** Counts of all wanted combinations together, by the group that `groupOf` gives each bucket. */
export function readTimeline(
  store: Store,
  buckets: readonly Bucket[],
  isWanted: SliceFilter,
  groupOf: (bucket: Bucket) => string,
): Promise<Map<string, Rollup>> {
  return readGroups(store, buckets, isWanted, groupOf);
}

async function readGroups(
  store: Store,
  buckets: readonly Bucket[],
  isWanted: SliceFilter,
  groupOf: (bucket: Bucket, member: string) => string,
): Promise<Map<string, Rollup>> {
  const groups = new Map<string, Rollup>();
  await fromEachShard(store, async (shard) => {
    const stored = await listStored(store, shard, buckets, isWanted, groupOf);
    const hashes = await readMany(
      store.redis,
      stored.map(({ key }) => ['hgetall', key] as const),
    );
    stored.forEach(({ group }, i) => {
      const into = groups.get(group) ?? emptyRollup();
      groups.set(group, into);
      addRollupFields(into, hashes[i] as Record<string, string>);
    });
  });
  return groups;
}

async function listStored(
  store: Store,
  shard: number,
  buckets: readonly Bucket[],
  isWanted: SliceFilter,
  groupOf: (bucket: Bucket, member: string) => string,
): Promise<Stored[]> {
  const keys = store.keys.shard(shard);
  const indexes = await readMany(
    store.redis,
    buckets.map((bucket) => ['smembers', keys.rollupIndex(bucket)] as const),
  );
  return buckets.flatMap((bucket, i) =>
    (indexes[i] as string[])
      .filter((member) => isWanted(parseRollupMember(member)))
      .map((member) => ({
        group: groupOf(bucket, member),
        key: keys.rollup(bucket, member),
      })),
  );
}
