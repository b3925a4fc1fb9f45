import { randomUUID } from 'node:crypto';

import type { Verdict } from '@llm-monitor/contracts/events';
import type { Keys, StoredVerdicts } from '@llm-monitor/contracts/redis';
import { readEndedVerdicts, readVerdicts, type Verdicts } from '@llm-monitor/read-model';
import type { StoreConnection } from '@llm-monitor/runtime';

import { keptVerdicts } from '../../core/verdicts/verdict-changes.ts';
import type { JudgedCall } from './verdict-publisher.ts';

/** Without a look for so long what was found no longer holds. */
const RUNNING_TTL_MS = 30_000;
/** Of ended calls; of more the oldest are forgotten. */
const MAX_ENDED = 10_000;

/** Keeps what was found of calls, and says who may look for it. */
export interface VerdictStore {
  /** Takes or renews the right to judge. @returns false while another replica has it */
  hold(): Promise<boolean>;
  release(): Promise<void>;
  readRunning(): Promise<Verdicts>;
  /** Writes what is other than `before`, and all where nothing is kept. */
  writeRunning(before: Verdicts, now: Verdicts, callOf: CallOf): Promise<void>;
  /** Adds to what is known of ended calls. */
  addEnded(ended: Verdicts, callOf: CallOf, atMs: number): Promise<void>;
}

/** The call of a member. */
export type CallOf = (member: string) => JudgedCall | undefined;

export function createVerdictStore(
  redis: StoreConnection,
  keys: Keys,
  options: { leaseMs: number },
): VerdictStore {
  const { verdicts, verdictLease, endedVerdicts, endedVerdictTimes } = keys.global;
  const token = randomUUID();
  const isMine = async () => (await redis.get(verdictLease)) === token;
  return {
    // Two that judge at once for a moment do no harm: both find the same.
    async hold() {
      const taken = await redis.set(verdictLease, token, 'PX', options.leaseMs, 'NX');
      if (taken !== null) return true;
      return (await isMine()) && (await redis.pexpire(verdictLease, options.leaseMs)) === 1;
    },
    async release() {
      if (await isMine()) await redis.del(verdictLease);
    },
    readRunning: () => readVerdicts({ redis, keys }),
    async writeRunning(before, now, callOf) {
      const gone = [...before.keys()].filter((member) => !now.has(member));
      // What could not be kept alive, while Redis was away, is not there any more, though nothing of it has changed.
      const isKept = now.size > 0 && (await redis.exists(verdicts)) === 1;
      const written = [...now].flatMap(([member, list]) => {
        const isSame = isKept && JSON.stringify(list) === JSON.stringify(before.get(member));
        return isSame ? [] : [member, toStored(callOf(member), list)];
      });
      // Sent together: who is killed in between would leave what never expires.
      const writing = redis.pipeline();
      if (gone.length > 0) writing.hdel(verdicts, ...gone);
      if (written.length > 0) writing.hset(verdicts, ...written);
      if (now.size > 0) writing.pexpire(verdicts, RUNNING_TTL_MS);
      for (const [error] of (await writing.exec()) ?? []) if (error) throw error;
    },
    async addEnded(ended, callOf, atMs) {
      const members = [...ended.keys()];
      const known = await readEndedVerdicts({ redis, keys }, members);
      const kept = members
        .map(
          (member, i) =>
            [member, keptVerdicts(known[i]?.verdicts ?? [], ended.get(member) ?? [])] as const,
        )
        .filter(([, list]) => list.length > 0);
      if (kept.length === 0) return;
      const texts = kept.flatMap(([member, list]) => [member, toStored(callOf(member), list)]);
      await redis.hset(endedVerdicts, ...texts);
      const times = kept.flatMap(([member]) => [atMs, member]);
      await redis.zadd(endedVerdictTimes, ...times);
      const over = await redis.zrange(endedVerdictTimes, '0', String(-(MAX_ENDED + 1)));
      if (over.length === 0) return;
      await redis.hdel(endedVerdicts, ...over);
      await redis.zrem(endedVerdictTimes, ...over);
    },
  };
}

function toStored(call: JudgedCall | undefined, verdicts: readonly Verdict[]): string {
  const stored: StoredVerdicts = {
    model: call?.model ?? 'unknown',
    ...(call?.host === undefined ? {} : { host: call.host }),
    ...(call?.demo ? { demo: true } : {}),
    verdicts: [...verdicts],
  };
  return JSON.stringify(stored);
}
