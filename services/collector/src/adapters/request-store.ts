import { readFileSync } from 'node:fs';

import { shardOf, type Keys } from '@llm-monitor/contracts/redis';
import { createScript, type StoreConnection } from '@llm-monitor/runtime';

import type { Prior, Priors } from '../core/change.ts';
import { foldBatch } from '../core/fold.ts';
import type { RequestEvent } from '../core/parse-event.ts';
import { batchArguments, type ApplyOptions } from './batch-arguments.ts';
import { UnusableEventError } from './store-away.ts';

/** One request that is not where the fold expected it, as the script answers. */
type Elsewhere = [
  index: number,
  bits: number,
  provisionalStart: string,
  orphanedIn: string,
  endedAt: string,
  ttftKnown: number,
];

/** Another collector may change the same requests between two tries; nobody does so for ever. */
const MAX_TRIES = 100;

/** Gives the events of a batch whenever it is asked: nobody has to hold them while Redis works, where garbage collection would copy them. */
export type ReadEvents = () => readonly RequestEvent[];

/** Keeps requests, rollups, history and the change feed. */
export interface RequestStore {
  /**
   * Counts each event once, however often it is given. Rejects when Redis does not answer: then give the batch again.
   * @returns the shards that it belongs to
   */
  apply(read: ReadEvents): Promise<number[]>;
}

/** A shard's part of a batch, ready to be sent. */
interface Prepared {
  keys: string[];
  args: [Buffer];
  /** The requests that it changes. */
  members: string[];
}

/** One script in four files, in this order. */
const APPLY_BATCH = [
  new URL('./apply-batch-look.lua', import.meta.url),
  new URL('./apply-batch-requests.lua', import.meta.url),
  new URL('./apply-batch-blocks.lua', import.meta.url),
  new URL('./apply-batch-sums.lua', import.meta.url),
];

export function createRequestStore(
  redis: StoreConnection,
  keys: Keys,
  options: ApplyOptions,
): RequestStore {
  const script = createScript(
    redis,
    APPLY_BATCH.map((part) => readFileSync(part, 'utf8')).join(''),
  );

  const prepare = (index: number, events: readonly RequestEvent[], priors: Priors): Prepared => {
    try {
      const change = foldBatch(events, priors);
      const members = change.requests.map(({ member }) => member);
      return { members, ...batchArguments(keys.shard(index), change, options) };
    } catch (cause) {
      throw new UnusableEventError(`it cannot be counted: ${(cause as Error).message}`, { cause });
    }
  };
  const prepareAll = (events: readonly RequestEvent[]): [index: number, Prepared][] =>
    [...byShard(events, keys.shards)].map(([index, list]) => [
      index,
      prepare(index, list, new Map()),
    ]);

  const applyShard = async (index: number, first: Prepared, read: ReadEvents) => {
    const priors = new Map<string, Prior>();
    let prepared = first;
    for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
      if (prepared.members.length === 0) return;
      const elsewhere = (await script.run(prepared.keys, prepared.args)) as Elsewhere[];
      if (elsewhere.length === 0) return;
      for (const found of elsewhere) notePrior(priors, prepared.members, found);
      prepared = prepare(index, byShard(read(), keys.shards).get(index) ?? [], priors);
    }
    throw new Error(
      `a batch of ${first.members.length} requests found no rest in ${MAX_TRIES} tries`,
    );
  };

  return {
    async apply(read) {
      // The events themselves are in no variable here.
      const parts = prepareAll(read());
      await Promise.all(parts.map(([index, part]) => applyShard(index, part, read)));
      return parts.map(([index]) => index);
    },
  };
}

function byShard(events: readonly RequestEvent[], shards: number): Map<number, RequestEvent[]> {
  const parts = new Map<number, RequestEvent[]>();
  for (const event of events) {
    const index = shardOf(event.id, shards);
    const list = parts.get(index);
    if (list) list.push(event);
    else parts.set(index, [event]);
  }
  return parts;
}

function notePrior(
  priors: Map<string, Prior>,
  members: readonly string[],
  [index, bits, provisionalStart, orphanedIn, endedAt, ttftKnown]: Elsewhere,
): void {
  const member = members[index];
  if (member === undefined) throw new RangeError(`the script answered for request ${index}`);
  priors.set(member, {
    bits,
    provisionalStart: provisionalStart || undefined,
    orphanedIn: orphanedIn || undefined,
    endedAtMs: endedAt === '' ? undefined : Number(endedAt),
    ttftKnown: ttftKnown === 1,
  });
}
