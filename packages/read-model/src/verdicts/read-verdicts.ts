import type { Verdict } from '@llm-monitor/contracts/events';
import { parseRequestMember, type StoredVerdicts } from '@llm-monitor/contracts/redis';
import type { AnyRequest } from '@llm-monitor/contracts/rest';

import type { Store } from '../store.ts';
import type { Verdicts } from './verdict-watch.ts';

/** What holds of running calls at the moment, by request member. */
export async function readVerdicts(store: Store): Promise<Verdicts> {
  const stored = await readStoredVerdicts(store);
  return new Map([...stored].map(([member, { verdicts }]) => [member, verdicts]));
}

/** The same, with whose it is. */
export async function readStoredVerdicts({
  redis,
  keys,
}: Store): Promise<ReadonlyMap<string, StoredVerdicts>> {
  const hash = await redis.hgetall(keys.global.verdicts);
  return new Map(
    Object.entries(hash).map(([member, text]) => [member, JSON.parse(text) as StoredVerdicts]),
  );
}

/** What was found of ended calls, in their order; undefined where nothing was, or it was too long ago. */
export async function readEndedVerdicts(
  { redis, keys }: Store,
  members: readonly string[],
): Promise<(StoredVerdicts | undefined)[]> {
  if (members.length === 0) return [];
  return (await redis.hmget(keys.global.endedVerdicts, ...members)).map(parseVerdicts);
}

/** What was found of all calls that ended since then. */
export async function readVerdictsSince(
  store: Store,
  sinceMs: number,
): Promise<(StoredVerdicts & { id: string; app: string })[]> {
  const { endedVerdictTimes } = store.keys.global;
  const members = await store.redis.zrange(endedVerdictTimes, sinceMs, '+inf', 'BYSCORE');
  const found = await readEndedVerdicts(store, members);
  return members.flatMap((member, i) => {
    const one = found[i];
    return one ? [{ ...one, ...parseRequestMember(member) }] : [];
  });
}

export function parseVerdicts(text: string | null): StoredVerdicts | undefined {
  return text === null ? undefined : (JSON.parse(text) as StoredVerdicts);
}

/** A call with what was found of it. */
export function withVerdicts<Call extends AnyRequest>(
  call: Call,
  verdicts: readonly Verdict[] = [],
): Call {
  return verdicts.length > 0 ? { ...call, verdicts: [...verdicts] } : call;
}
