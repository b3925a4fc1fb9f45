import {
  encodeRecord,
  MAX_ROLLUP_COMBINATIONS,
  storedFieldName,
  TTL_SECONDS,
  type ShardKeys,
} from '@llm-monitor/contracts/redis';
import { Packr } from 'msgpackr';

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

// Plain lists and texts, which `cmsgpack` of Redis reads too.
const packer = new Packr({ useRecords: false });

/**
 * A shard's change as the one packed list that `apply-batch.lua` takes, in its order: tens of thousands of arguments cost more than what
 * is done with them. The one key leads to the shard; the script builds the others.
 */
export function batchArguments(
  keys: ShardKeys,
  change: ShardChange,
  options: ApplyOptions,
): { keys: string[]; args: [Buffer] } {
  const values: (string | number)[] = [
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
  pushList(values, change.apps);
  values.push(change.requests.length);
  for (const request of change.requests) pushRequest(values, keys, request);
  values.push(change.rollups.length);
  for (const rollup of change.rollups) pushRollup(values, rollup);
  pushFields(values, change.totals.real);
  pushFields(values, change.totals.demo);
  return { keys: [keys.feed], args: [packer.pack(values)] };
}

function pushList(values: (string | number)[], list: readonly string[]): void {
  values.push(list.length);
  for (const item of list) values.push(item);
}

function pushRequest(values: (string | number)[], keys: ShardKeys, change: RequestChange): void {
  values.push(
    keys.request(change.app, change.id),
    change.member,
    change.instance,
    change.expectedBits ?? -1,
    change.mask,
    change.timeoutMs === undefined ? -1 : Math.round(change.timeoutMs),
    // As a text: Lua would write a number by way of its decimals.
    change.endedAtMs === undefined ? '' : String(change.endedAtMs),
    change.formerEndedAtMs === undefined ? '' : String(change.formerEndedAtMs),
    change.tells,
  );
  pushList(values, encodeRecord(change.set));
  pushList(
    values,
    change.unset.map((name) => storedFieldName(name)),
  );
}

function pushRollup(values: (string | number)[], { bucket, member, fields }: RollupChange): void {
  values.push(bucket, member);
  pushFields(values, fields);
}

function pushFields(values: (string | number)[], fields: ReadonlyMap<string, number>): void {
  const at = values.push(0) - 1;
  for (const [field, value] of fields) if (value !== 0) values.push(field, value);
  values[at] = values.length - at - 1;
}
