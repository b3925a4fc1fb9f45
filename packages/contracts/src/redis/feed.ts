/** What an entry of the change feed says of a request. */
export const FEED_MARKS = { start: 's', firstToken: 'f', end: 'e' } as const;
export type FeedMark = (typeof FEED_MARKS)[keyof typeof FEED_MARKS];
