import {
  emptyLifetime,
  OTHER_PROVIDER,
  type Counts,
  type Lifetime,
} from '@llm-monitor/contracts/redis';
import type { CombinationLifetime } from '@llm-monitor/read-model';

import { LABELS, type LabelledLifetime } from './gen-ai-families.ts';
import type { Combination } from './name-combinations.ts';

/** One lifetime for each name, with its labels; those that have no name of their own are added up. */
export function labelLifetimes(
  combinations: readonly CombinationLifetime[],
  nameOf: (of: Combination) => Combination,
): LabelledLifetime[] {
  const byName = new Map<string, { name: Combination; lifetime: Lifetime }>();
  for (const { model, app, lifetime } of combinations) {
    const name = nameOf({ model, app });
    const key = JSON.stringify([name.model, name.app]);
    const into = byName.get(key) ?? { name, lifetime: emptyLifetime() };
    byName.set(key, into);
    addLifetime(into.lifetime, lifetime);
  }
  return [...byName.values()].map(({ name, lifetime }) => ({
    labels: {
      [LABELS.model]: name.model,
      [LABELS.provider]: mainProvider(lifetime),
      [LABELS.app]: name.app,
    },
    lifetime,
  }));
}

/** Those with the most calls first. */
export function byImportance(combinations: readonly CombinationLifetime[]): CombinationLifetime[] {
  return combinations.toSorted(
    (a, b) =>
      b.lifetime.counts.started - a.lifetime.counts.started ||
      (a.model + a.app < b.model + b.app ? -1 : 1),
  );
}

/** A model of an app is as good as always answered by one. */
function mainProvider({ providers }: Lifetime): string {
  const [first] = [...providers].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return first?.[0] ?? OTHER_PROVIDER;
}

function addLifetime(into: Lifetime, from: Lifetime): void {
  for (const name of Object.keys(into.counts) as (keyof Counts)[]) {
    into.counts[name] += from.counts[name];
  }
  into.perTokenUs += from.perTokenUs;
  for (const name of [
    'durations',
    'firstTokens',
    'inputTokens',
    'outputTokens',
    'perToken',
  ] as const) {
    addCounts(into[name], from[name]);
  }
  addCounts(into.providers, from.providers);
}

function addCounts<Key>(into: Map<Key, number>, from: ReadonlyMap<Key, number>): void {
  for (const [key, count] of from) into.set(key, (into.get(key) ?? 0) + count);
}
