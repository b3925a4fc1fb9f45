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

const MINUTE_MS = 60_000;

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
    const { member, minutes } = this.#members(of);
    const number = Math.floor(atMs / MINUTE_MS);
    // By the number: a place is a text that has to be made, and gone through to be found.
    const known = minutes.get(number);
    if (known) return known;
    const change = this.atPlace(`${minuteBucket(atMs)}:${member}`);
    minutes.set(number, change);
    return change;
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
      const hour = hourBucket(Number(bucket.slice(1)) * MINUTE_MS);
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

/** A combination, and what is counted of it by the number of its minute. */
interface Member {
  readonly member: string;
  readonly minutes: Map<number, MinuteChange>;
}

/** The members of few combinations, which come thousands of times: each is made once. */
function createMembers(): (of: Dimensions) => Member {
  const real = new Map<string, Map<string, Map<string, Member>>>();
  const demo: typeof real = new Map();
  return (of) => {
    const byApp = entryOf(of.demo ? demo : real, of.model, newMap<Map<string, Member>>);
    const byHost = entryOf(byApp, of.app, newMap<Member>);
    const known = byHost.get(of.host);
    if (known) return known;
    const made = { member: rollupMember(of), minutes: new Map<number, MinuteChange>() };
    byHost.set(of.host, made);
    return made;
  };
}

const newMap = <Value>() => new Map<string, Value>();

function entryOf<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

function mergeAll(into: Fields, from: ReadonlyMap<string, number>): void {
  for (const [field, value] of from) addCount(into, field, value);
}
