import {
  encodeRecord,
  MAX_ROLLUP_COMBINATIONS,
  storedFieldName,
  TTL_SECONDS,
  type ShardKeys,
} from '@llm-monitor/contracts/redis';

import type { RequestChange, RollupChange, ShardChange } from '../core/change.ts';

/** Windows and bounds that the script works with. */
export interface ApplyOptions {
  leaseMs: number;
  defaultLeaseMs: number;
  requestTtlSeconds: number;
  feedMaxEntries: number;
  /** False only in the negative control of the fault tests. */
  dedupe: boolean;
}

const HOUR_MS = 3_600_000;

/** A shard's change as the flat keys and arguments of `apply-batch.lua`, in the order in which it takes them. */
export function batchArguments(
  keys: ShardKeys,
  change: ShardChange,
  options: ApplyOptions,
): { keys: string[]; args: (string | number)[] } {
  const args: (string | number)[] = [
    keys.prefix,
    options.leaseMs,
    options.defaultLeaseMs,
    options.requestTtlSeconds,
    TTL_SECONDS.minuteRollup,
    TTL_SECONDS.hourRollup,
    options.feedMaxEntries,
    MAX_ROLLUP_COMBINATIONS,
    options.dedupe ? 1 : 0,
  ];
  pushList(args, change.apps);
  for (const request of change.requests) pushRequest(args, request);
  args.push(change.rollups.length);
  for (const rollup of change.rollups) pushRollup(args, rollup);
  pushFields(args, change.totals.real);
  pushFields(args, change.totals.demo);
  return { keys: change.requests.map(({ app, id }) => keys.request(app, id)), args };
}

function pushList(args: (string | number)[], list: readonly string[]): void {
  args.push(list.length);
  for (const item of list) args.push(item);
}

function pushRequest(args: (string | number)[], change: RequestChange): void {
  const set = encodeRecord(change.set);
  args.push(
    change.member,
    change.instance,
    change.expectedBits ?? -1,
    change.mask,
    change.timeoutMs === undefined ? -1 : Math.round(change.timeoutMs),
    change.endedAtMs ?? '',
    change.endedAtMs === undefined ? '' : Math.floor(change.endedAtMs / HOUR_MS),
    change.formerEndedAtMs === undefined ? '' : Math.floor(change.formerEndedAtMs / HOUR_MS),
    change.tells,
    set.length,
    ...set,
    change.unset.length,
    ...change.unset.map((name) => storedFieldName(name)),
  );
}

function pushRollup(args: (string | number)[], { bucket, member, fields }: RollupChange): void {
  args.push(bucket, member);
  pushFields(args, fields);
}

function pushFields(args: (string | number)[], fields: ReadonlyMap<string, number>): void {
  const flat: (string | number)[] = [];
  for (const [field, value] of fields) if (value !== 0) flat.push(field, value);
  args.push(flat.length, ...flat);
}
