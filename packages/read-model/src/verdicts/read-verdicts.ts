import type { Verdict } from '@llm-monitor/contracts/events';
import type { AnyRequest } from '@llm-monitor/contracts/rest';

import type { Store } from '../store.ts';
import type { Verdicts } from './verdict-watch.ts';

/** What holds of running calls at the moment, by request member. */
export async function readVerdicts(store: Store): Promise<Verdicts> {
  const hash = await store.redis.hgetall(store.keys.global.verdicts);
  return new Map(Object.entries(hash).map(([member, text]) => [member, parseVerdicts(text) ?? []]));
}

/** What was found of ended calls, in their order; undefined where nothing was, or it was too long ago. */
export async function readEndedVerdicts(
  store: Store,
  members: readonly string[],
): Promise<(Verdict[] | undefined)[]> {
  if (members.length === 0) return [];
  const texts = await store.redis.hmget(store.keys.global.endedVerdicts, ...members);
  return texts.map(parseVerdicts);
}

export function parseVerdicts(text: string | null): Verdict[] | undefined {
  return text === null ? undefined : (JSON.parse(text) as Verdict[]);
}

/** A call with what was found of it. */
export function withVerdicts<Call extends AnyRequest>(
  call: Call,
  verdicts: readonly Verdict[] | undefined,
): Call {
  return verdicts && verdicts.length > 0 ? { ...call, verdicts: [...verdicts] } : call;
}
