import { OTHER } from '@llm-monitor/contracts/redis';

/** Model and app of a combination. */
export interface Combination {
  model: string;
  app: string;
}

/**
 * Bounds how many combinations of model and app have a name of their own, since names come from outside. Who has one keeps it for as
 * long as this service runs: if it went to another, the count of the others would shrink, which a counter may not.
 */
export function createCombinationNames(max: number): {
  /** @param combinations those that matter most first */
  name(combinations: readonly Combination[]): (of: Combination) => Combination;
} {
  const named = new Set<string>();
  const keyOf = ({ model, app }: Combination) => JSON.stringify([model, app]);
  return {
    name(combinations) {
      for (const combination of combinations) {
        if (named.size >= max) break;
        named.add(keyOf(combination));
      }
      return (of) => (named.has(keyOf(of)) ? of : { model: OTHER, app: OTHER });
    },
  };
}
