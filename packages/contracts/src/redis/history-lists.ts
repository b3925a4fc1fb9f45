/** Into so many parts the history of an hour is cut where the hour before was full. */
export const HISTORY_PARTS = 16;

/**
 * What `history` has a key for, oldest first: hours, and parts of those that are in parts.
 * @param hours members of `historyHours`
 * @param parted members of `historyParted`
 */
export function historyLists(hours: readonly string[], parted: readonly string[]): number[] {
  const inParts = new Set(parted.map(Number));
  return [...new Set([...hours.map(Number), ...inParts])]
    .toSorted((a, b) => a - b)
    .flatMap((hour) =>
      inParts.has(hour)
        ? Array.from({ length: HISTORY_PARTS }, (_, i) => hour + i / HISTORY_PARTS)
        : [hour],
    );
}
