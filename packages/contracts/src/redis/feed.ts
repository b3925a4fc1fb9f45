/** What an entry of the change feed says of a request. */
export const FEED_MARKS = { start: 's', firstToken: 'f', end: 'e' } as const;
export type FeedMark = (typeof FEED_MARKS)[keyof typeof FEED_MARKS];

/** The one field of an entry whose value holds all others, names and values alike, one behind the other. A version before wrote each by itself. */
const JOINED = 'joined';
/** Stands between them: a byte that is in no text. */
const JOINT = 0xff;

/** The fields of an entry of the change feed, as Redis gives them, in whichever form it was written. */
export function readFeedFields(given: readonly Buffer[]): string[] {
  const [name, joined] = given;
  if (!joined || given.length !== 2 || name?.toString() !== JOINED) return given.map(String);
  const fields: string[] = [];
  let from = 0;
  for (let to = joined.indexOf(JOINT); to >= 0; to = joined.indexOf(JOINT, from)) {
    fields.push(joined.toString('utf8', from, to));
    from = to + 1;
  }
  fields.push(joined.toString('utf8', from));
  return fields;
}
