import {
  COUNT_FIELDS,
  hourBucket,
  minuteBucket,
  parseRollupMember,
  rollupMember,
  type Bucket,
  type Dimensions,
} from '@llm-monitor/contracts/redis';

import type { RollupChange, ShardChange } from './change.ts';

/** Field → addition. */
export type Additions = Record<string, number>;

/** Collects the counts of a batch: the same additions go to the minute, the hour and the totals. */
export class Tally {
  readonly #rollups = new Map<string, RollupChange>();
  readonly #totals = { real: new Map<string, number>(), demo: new Map<string, number>() };

  /** Counts at a time. @returns `<minute bucket>:<member>`, the place where it can be undone */
  count(atMs: number, of: Dimensions, additions: Additions): string {
    const member = rollupMember(of);
    const minute = minuteBucket(atMs);
    this.#add(minute, member, additions);
    this.#add(hourBucket(atMs), member, additions);
    addAll(of.demo ? this.#totals.demo : this.#totals.real, additions);
    return `${minute}:${member}`;
  }

  /** Takes back what was counted at a place that {@link count} returned. */
  undo(place: string, additions: Additions): void {
    const colon = place.indexOf(':');
    const minute = place.slice(0, colon) as Bucket;
    const member = place.slice(colon + 1);
    const negative = Object.fromEntries(
      Object.entries(additions).map(([field, value]) => [field, -value]),
    );
    this.#add(minute, member, negative);
    this.#add(hourBucket(Number(minute.slice(1)) * 60_000), member, negative);
    const { demo } = parseRollupMember(member);
    addAll(demo ? this.#totals.demo : this.#totals.real, negative);
  }

  result(): Pick<ShardChange, 'rollups' | 'totals'> {
    return { rollups: [...this.#rollups.values()], totals: this.#totals };
  }

  #add(bucket: Bucket, member: string, additions: Additions): void {
    const key = `${bucket}:${member}`;
    let rollup = this.#rollups.get(key);
    if (!rollup) {
      rollup = { bucket, member, fields: new Map() };
      this.#rollups.set(key, rollup);
    }
    addAll(rollup.fields, additions);
  }
}

function addAll(into: Map<string, number>, additions: Additions): void {
  for (const field in additions) {
    const value = additions[field] ?? 0;
    const now = into.get(field) ?? 0;
    into.set(field, field === COUNT_FIELDS.lastUsedMs ? Math.max(now, value) : now + value);
  }
}
