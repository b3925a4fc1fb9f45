import {
  decodeRecord,
  parseRequestMember,
  type RequestRecord,
  type ShardKeys,
} from '@llm-monitor/contracts/redis';

import { readMany, type Store } from '../store.ts';

/** Requests of one shard by their members in sorted sets; undefined where one is no longer kept. */
export async function readRecords(
  store: Store,
  keys: ShardKeys,
  members: readonly string[],
): Promise<(RequestRecord | undefined)[]> {
  const requests = members.map(parseRequestMember);
  const hashes = await readMany(
    store.redis,
    requests.map(({ app, id }) => ['hgetall', keys.request(app, id)] as const),
  );
  return requests.map((request, i) => knownRecord(request, hashes[i] as Record<string, string>));
}

/** A tombstone, which only keeps the phase bits, is not a request that can be shown. */
function knownRecord(
  request: { id: string; app: string },
  hash: Record<string, string>,
): RequestRecord | undefined {
  const record = decodeRecord(request, hash);
  const isTombstone = record?.startedAtMs === undefined && record?.endedAtMs === undefined;
  return isTombstone ? undefined : record;
}
