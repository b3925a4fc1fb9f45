import {
  BITS,
  requestMember,
  type RequestRecord,
  type StoredProgress,
} from '@llm-monitor/contracts/redis';
import { isEnded } from '@llm-monitor/contracts/rest';

import { parseProgress } from '../requests/read-active.ts';
import { readRecords } from '../requests/read-records.ts';
import { fromEachShard, readMany, type Store } from '../store.ts';
import type { RunningCall } from './judge-running.ts';

/** Of a shard. More running calls than this are not looked at one by one. */
const MAX_CALLS = 1000;

/** Reads the running calls again and again. What was asked of a call that generates does not change: it is read once. */
export interface RunningReader {
  /** Oldest first. */
  read(): Promise<RunningCall[]>;
}

export function createRunningReader(store: Store): RunningReader {
  let generating = new Map<string, RequestRecord>();
  const readShard = async (shard: number): Promise<RunningCall[]> => {
    const keys = store.keys.shard(shard);
    const [members, live] = (await readMany(store.redis, [
      ['zrange', keys.active, 0, MAX_CALLS - 1],
      ['hgetall', keys.live],
    ])) as [string[], Record<string, string>];
    const unknown = members.filter((member) => !generating.has(member));
    const records = await readRecords(store, keys, unknown);
    const read = new Map(unknown.map((member, i) => [member, records[i]]));
    return members.flatMap((member) => {
      const record = generating.get(member) ?? read.get(member);
      if (!record || isEnded(record)) return [];
      return [{ record, progress: parseProgress(live[member]) }];
    });
  };
  return {
    async read() {
      const running = (await fromEachShard(store, readShard)).flat();
      const known = running
        .filter(({ record }) => (record.bits & BITS.firstToken) !== 0)
        .map(({ record }) => [requestMember(record.app, record.id), record] as const);
      generating = new Map(known);
      return running.sort((a, b) => (a.record.startedAtMs ?? 0) - (b.record.startedAtMs ?? 0));
    },
  };
}

/** The later of two: what was heard oneself, and what is kept. */
export function laterProgress(
  one: StoredProgress | undefined,
  other: StoredProgress | undefined,
): StoredProgress | undefined {
  return one && other ? (one.atMs > other.atMs ? one : other) : (one ?? other);
}
