import {
  BITS,
  MAX_ROLLUP_COMBINATIONS,
  pushRecord,
  storedFieldName,
  TTL_SECONDS,
  type RecordForm,
  type ShardKeys,
} from '@llm-monitor/contracts/redis';

import type { RequestChange, RollupChange, ShardChange } from '../core/change.ts';
import { createPackWriter } from './pack-writer.ts';

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

const writer = createPackWriter();

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
  writer.begin();
  writer.text(keys.prefix);
  for (const bound of [
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
  ])
    writer.number(bound);
  writeList(change.apps);
  writer.number(change.requests.length);
  for (const request of change.requests) writeRequest(keys, request, form);
  writer.number(change.rollups.length);
  for (const rollup of change.rollups) writeRollup(rollup);
  writeFields(change.totals.real);
  writeFields(change.totals.demo);
  return { keys: [keys.feed], args: [writer.end()] };
}

function writeList(list: readonly string[]): void {
  writer.number(list.length);
  for (const item of list) writer.text(item);
}

/** What the rest of a request's values holds, see the script. */
const REST = { nothing: 0, lease: 1, all: 2 } as const;
/** Of the request that is written just now. */
const record: string[] = [];

function writeRequest(keys: ShardKeys, change: RequestChange, form: RecordForm): void {
  const { app, id, member, mask, expectedBits = -1, tells, endedAtMs, formerEndedAtMs } = change;
  writer.text(keys.request(app, id));
  writer.text(member);
  writer.number(mask);
  writer.number(expectedBits);
  writer.text(tells);
  // As a text: Lua would write a number by way of its decimals.
  writer.text(endedAtMs === undefined ? '' : String(endedAtMs));
  record.length = 0;
  pushRecord(record, form, change.set, change.asked, change.result);
  writeList(record);
  const isCorrected = formerEndedAtMs !== undefined || change.unset.length > 0;
  if (!isCorrected && !mayBegin(change)) {
    writer.number(REST.nothing);
    return;
  }
  writer.number(isCorrected ? REST.all : REST.lease);
  writer.text(change.instance);
  writer.number(change.timeoutMs === undefined ? -1 : Math.round(change.timeoutMs));
  if (!isCorrected) return;
  writer.text(formerEndedAtMs === undefined ? '' : String(formerEndedAtMs));
  writeList(change.unset.map((name) => storedFieldName(name)));
}

/** May it be the first that is known of the call? Then the call gets a lease. */
function mayBegin({ mask, expectedBits }: RequestChange): boolean {
  return ((expectedBits === undefined ? mask : ~expectedBits) & BITS.start) !== 0;
}

function writeRollup({ bucket, member, fields }: RollupChange): void {
  writer.text(bucket);
  writer.text(member);
  writeFields(fields);
}

/** How many there are, their names, and what is added to them. */
function writeFields(fields: ReadonlyMap<string, number>): void {
  const at = writer.later();
  const before = writer.count();
  for (const [field, value] of fields) if (value !== 0) writer.text(field);
  writer.tell(at, writer.count() - before);
  for (const value of fields.values()) if (value !== 0) writer.number(value);
}
