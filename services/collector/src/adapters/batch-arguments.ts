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
import { BlockList } from './block-sums.ts';
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
  /** Are counts by bucket written in blocks by now? */
  inBlocks(): boolean;
  /** Is an entry of the change feed written as one value by now? */
  feedJoined(): boolean;
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
  const inBlocks = options.inBlocks();
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
    options.feedJoined() ? 1 : 0,
  ])
    writer.number(bound);
  writeList(change.apps);
  writer.number(change.requests.length);
  for (const request of change.requests) writeRequest(keys, request, form);
  writer.number(change.rollups.length);
  for (const rollup of change.rollups) writeRollup(rollup, inBlocks);
  writeFields(change.totals.real, inBlocks);
  writeFields(change.totals.demo, inBlocks);
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
  writer.number(endedAtMs ?? 0);
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

function writeRollup({ bucket, member, fields }: RollupChange, inBlocks: boolean): void {
  writer.text(bucket);
  writer.text(member);
  writeFields(fields, inBlocks);
}

/** Of the fields that are written just now: what is added to plain ones, and to blocks. */
const added: number[] = [];
const addedInBlocks = new BlockList();

/** How many fields and blocks there are, their names, what is added to the fields, then for each block how much follows, and to which number and what. */
function writeFields(fields: ReadonlyMap<string, number>, inBlocks: boolean): void {
  added.length = 0;
  addedInBlocks.clear();
  const [plainAt, blocksAt] = [writer.later(), writer.later()];
  for (const [field, value] of fields) {
    if (value === 0) continue;
    // A number of a block only grows.
    if (inBlocks && value > 0 && addedInBlocks.add(field, value)) continue;
    writer.text(field);
    added.push(value);
  }
  const blocks = addedInBlocks.sums();
  for (const { block } of blocks) writer.text(block);
  writer.tell(plainAt, added.length);
  writer.tell(blocksAt, blocks.length);
  for (const value of added) writer.number(value);
  for (const { added: pairs, length } of blocks) {
    writer.number(length);
    for (let i = 0; i < length; i++) writer.number(pairs[i] ?? 0);
  }
}
