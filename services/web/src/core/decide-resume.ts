import { compareEntryIds, type FeedPosition } from '@llm-monitor/contracts/live';

/** What a shard's feed holds; both undefined when it is empty. */
export interface FeedBounds {
  first: string | undefined;
  last: string | undefined;
}

/**
 * Is everything after `position` still in the feed? A position before the first entry may have lost entries to the cap, and one
 * behind the last belongs to a store that has lost its end: both need a snapshot.
 */
export function canResume(position: FeedPosition, bounds: readonly FeedBounds[]): boolean {
  if (position.length !== bounds.length) return false;
  return bounds.every(({ first, last }, shard) => {
    const at = position[shard] ?? '';
    if (first === undefined || last === undefined) return at === EMPTY_FEED;
    return compareEntryIds(first, at) <= 0 && compareEntryIds(at, last) <= 0;
  });
}

/** The position of a feed that nothing was written to. */
export const EMPTY_FEED = '0-0';
