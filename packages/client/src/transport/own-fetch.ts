import type { Fetch } from './instrument-fetch.ts';

const own = new WeakSet<Fetch>();

/** A fetch of this package, which does not mind other arguments than the app's. */
export function ownFetch(fetch: Fetch): Fetch {
  own.add(fetch);
  return fetch;
}

export function isOwnFetch(fetch: Fetch): boolean {
  return own.has(fetch);
}
