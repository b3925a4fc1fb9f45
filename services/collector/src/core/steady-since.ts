/** Remembers since when all of several things have been well, without a break. */
export interface Steadiness {
  set(what: string, isWell: boolean): void;
  /** How long all have been well; 0 while one is not. */
  steadyMs(): number;
}

/** @param names all that must be well; each counts as not well until it is set */
export function createSteadiness(names: readonly string[], nowMs: () => number): Steadiness {
  const unwell = new Set(names);
  let sinceMs = Infinity;
  return {
    set(what, isWell) {
      const wasSteady = unwell.size === 0;
      if (isWell) unwell.delete(what);
      else unwell.add(what);
      if (unwell.size > 0) sinceMs = Infinity;
      else if (!wasSteady) sinceMs = nowMs();
    },
    steadyMs: () => Math.max(0, nowMs() - sinceMs),
  };
}
