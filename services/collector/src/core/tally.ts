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

/** Field → addition. */
export type Additions = Record<string, number>;

/** Collects the counts of a batch: the same additions go to the minute, the hour, the lifetime and the totals. */
export class Tally {
  readonly #minutes = new Map<string, MinuteChange>();

  /**
   * Counts at a time.
   * @param lifetimeOnly what only the lifetime has of it
   * @returns `<minute bucket>:<member>`, the place where it can be undone
   */
  count(atMs: number, of: Dimensions, additions: Additions, lifetimeOnly?: Additions): string {
    const minute = minuteBucket(atMs);
    const member = rollupMember(of);
    const place = `${minute}:${member}`;
    const change = this.#minutes.get(place) ?? this.#begin(place, minute, member, of.demo);
    addAll(change.fields, additions);
    if (lifetimeOnly) addAll(change.lifetimeOnly, lifetimeOnly);
    return place;
  }

  /** Takes back what was counted at a place that {@link count} returned. */
  undo(place: string, additions: Additions): void {
    const colon = place.indexOf(':');
    const minute = place.slice(0, colon) as Bucket;
    const member = place.slice(colon + 1);
    const negative = Object.fromEntries(
      Object.entries(additions).map(([field, value]) => [field, -value]),
    );
    const { demo } = parseRollupMember(member);
    const change = this.#minutes.get(place) ?? this.#begin(place, minute, member, demo);
    addAll(change.fields, negative);
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
    const change = { bucket, member, demo, fields: new Map(), lifetimeOnly: new Map() };
    this.#minutes.set(place, change);
    return change;
  }
}

interface MinuteChange extends RollupChange {
  demo: boolean;
  lifetimeOnly: Map<string, number>;
}

function addAll(into: Map<string, number>, additions: Additions): void {
  for (const field in additions) addOne(into, field, additions[field] ?? 0);
}

function mergeAll(into: Map<string, number>, from: ReadonlyMap<string, number>): void {
  for (const [field, value] of from) addOne(into, field, value);
}

function addOne(into: Map<string, number>, field: string, value: number): void {
  const now = into.get(field) ?? 0;
  into.set(field, field === COUNT_FIELDS.lastUsedMs ? Math.max(now, value) : now + value);
}
