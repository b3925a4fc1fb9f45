/** Remembers the last names, and forgets the oldest. */
export interface RecentSet {
  /** Remembers it; false when it was there. */
  isNew(name: string): boolean;
  forget(name: string): void;
}

export function createRecentSet(most: number): RecentSet {
  const names = new Set<string>();
  return {
    isNew(name) {
      if (names.has(name)) return false;
      names.add(name);
      if (names.size > most) {
        for (const oldest of names) {
          names.delete(oldest);
          break;
        }
      }
      return true;
    },
    forget: (name) => void names.delete(name),
  };
}
