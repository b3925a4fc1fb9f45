import {
  BITS,
  MAX_ROLLUP_COMBINATIONS,
  pushRecord,
  storedFieldName,
  TTL_SECONDS,
  type RecordForm,
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
  /** How requests are written by now. */
  form(): RecordForm;
}

// Plain lists and texts, which `cmsgpack` of Redis reads too.
const packer = new Packr({ useRecords: false });

/**
 * A shard's change as the one packed list that `apply-batch-look.lua` takes, in its order: tens of thousands of arguments cost more than what
 * is done with them. The one key leads to the shard; the script builds the others.
 */
export function batchArguments(
  keys: ShardKeys,
  change: ShardChange,
  options: ApplyOptions,
): { keys: string[]; args: [Buffer] } {
  const form = options.form();
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
    // An hour in parts is nothing for readers of the version before, too.
    form === 'short' ? 1 : 0,
  ];
  pushList(values, change.apps);
  values.push(change.requests.length);
  for (const request of change.requests) pushRequest(values, keys, request, form);
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

/** What the rest of a request's values holds, see the script. */
const REST = { nothing: 0, lease: 1, all: 2 } as const;

function pushRequest(
  values: (string | number)[],
  keys: ShardKeys,
  change: RequestChange,
  form: RecordForm,
): void {
  const { app, id, member, mask, expectedBits = -1, tells, endedAtMs, formerEndedAtMs } = change;
  values.push(
    keys.request(app, id),
    member,
    mask,
    expectedBits,
    tells,
    // As a text: Lua would write a number by way of its decimals.
    endedAtMs === undefined ? '' : String(endedAtMs),
  );
  const at = values.push(0) - 1;
  pushRecord(values, form, change.set, change.asked, change.result);
  values[at] = values.length - at - 1;
  const isCorrected = formerEndedAtMs !== undefined || change.unset.length > 0;
  if (!isCorrected && !mayBegin(change)) {
    values.push(REST.nothing);
    return;
  }
  values.push(
    isCorrected ? REST.all : REST.lease,
    change.instance,
    change.timeoutMs === undefined ? -1 : Math.round(change.timeoutMs),
  );
  if (!isCorrected) return;
  values.push(formerEndedAtMs === undefined ? '' : String(formerEndedAtMs));
  pushList(
    values,
    change.unset.map((name) => storedFieldName(name)),
  );
}

/** May it be the first that is known of the call? Then the call gets a lease. */
function mayBegin({ mask, expectedBits }: RequestChange): boolean {
  return ((expectedBits === undefined ? mask : ~expectedBits) & BITS.start) !== 0;
}

function pushRollup(values: (string | number)[], { bucket, member, fields }: RollupChange): void {
  values.push(bucket, member);
  pushFields(values, fields);
}

/** How many there are, their names, and what is added to them. */
function pushFields(values: (string | number)[], fields: ReadonlyMap<string, number>): void {
  const at = values.push(0) - 1;
  for (const [field, value] of fields) if (value !== 0) values.push(field);
  values[at] = values.length - at - 1;
  for (const value of fields.values()) if (value !== 0) values.push(value);
}
