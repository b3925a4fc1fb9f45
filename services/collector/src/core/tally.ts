import {
  COUNT_FIELDS,
  hourBucket,
  LIFETIME,
  minuteBucket,
  parseRollupMember,
  rollupMember,
  type Bucket,
  type Dimensions,
} from '@llm-monitor/contracts/redis';

import type { RollupChange, ShardChange } from './change.ts';

/** Field → what is added to it. */
export type Fields = Map<string, number>;

/** Adds to one field; `lu` (last used) is a maximum. */
export function addCount(to: Fields, field: string, value: number): void {
  const now = to.get(field) ?? 0;
  to.set(field, field === COUNT_FIELDS.lastUsedMs ? Math.max(now, value) : now + value);
}

/** Where something is counted. */
export interface MinuteChange extends RollupChange {
  /** `<minute bucket>:<member>`: there it can be taken back. */
  place: string;
  demo: boolean;
  /** What only the lifetime has of it. */
  lifetimeOnly: Fields;
}

/** Collects the counts of a batch: the same additions go to the minute, the hour, the lifetime and the totals. */
export class Tally {
  readonly #minutes = new Map<string, MinuteChange>();
  readonly #members = createMembers();

  /** Where a time and dimensions are counted. */
  at(atMs: number, of: Dimensions): MinuteChange {
    const minute = minuteBucket(atMs);
    const member = this.#members(of);
    const place = `${minute}:${member}`;
    return this.#minutes.get(place) ?? this.#begin(place, minute, member, of.demo);
  }

  /** A place that {@link at} gave. */
  atPlace(place: string): MinuteChange {
    const known = this.#minutes.get(place);
    if (known) return known;
    const colon = place.indexOf(':');
    const member = place.slice(colon + 1);
    const { demo } = parseRollupMember(member);
    return this.#begin(place, place.slice(0, colon) as Bucket, member, demo);
  }

  /** Hours, lifetimes and totals are summed up from the minutes, of which there are few. */
  result(): Pick<ShardChange, 'rollups' | 'totals'> {
    const hours = new Map<string, RollupChange>();
    const lifetimes = new Map<string, RollupChange>();
    const totals = { real: new Map<string, number>(), demo: new Map<string, number>() };
    for (const { bucket, member, fields, lifetimeOnly, demo } of this.#minutes.values()) {
      const hour = hourBucket(Number(bucket.slice(1)) * 60_000);
      const key = `${hour}:${member}`;
      const change = hours.get(key) ?? { bucket: hour, member, fields: new Map() };
      hours.set(key, change);
      mergeAll(change.fields, fields);
      const lifetime = lifetimes.get(member) ?? { bucket: LIFETIME, member, fields: new Map() };
      lifetimes.set(member, lifetime);
      mergeAll(lifetime.fields, fields);
      mergeAll(lifetime.fields, lifetimeOnly);
      mergeAll(demo ? totals.demo : totals.real, fields);
    }
    const rollups = [...this.#minutes.values(), ...hours.values(), ...lifetimes.values()];
    return { rollups, totals };
  }

  #begin(place: string, bucket: Bucket, member: string, demo: boolean): MinuteChange {
    const change = { place, bucket, member, demo, fields: new Map(), lifetimeOnly: new Map() };
    this.#minutes.set(place, change);
    return change;
  }
}

/** The members of few combinations, which come thousands of times: each is made once. */
function createMembers(): (of: Dimensions) => string {
  const byModel = new Map<string, Map<string, Map<string, string>>>();
  return (of) => {
    const byApp = entryOf(byModel, of.model, () => new Map<string, Map<string, string>>());
    const byHost = entryOf(byApp, of.app, () => new Map<string, string>());
    return of.demo ? rollupMember(of) : entryOf(byHost, of.host, () => rollupMember(of));
  };
}

function entryOf<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

function mergeAll(into: Fields, from: ReadonlyMap<string, number>): void {
  for (const [field, value] of from) addCount(into, field, value);
}
