/** What is done with a key in a backup, by its name without the generation. */
export type KeyTreatment =
  /** Of its moment or of its servers: connections, sessions, places in streams. */
  | 'left-out'
  /** A hash of counts: restoring adds to what is there. */
  | 'counts'
  /** What a request is. */
  | 'request'
  /** Anything else: what is missing is written. */
  | 'plain';

const LEFT_OUT = new Set([
  ...[
    'epoch',
    'shards',
    'short-from',
    'blocks-from',
    'joined-from',
    'collectors',
    'losses',
    'feed',
    'live',
    'beats',
    'primary',
    'generation',
  ],
  // What fired then says nothing of now; what waits to be told would be told again.
  ...['session', 'alerts'],
  // Who restores holds it.
  'rebuild',
]);
/** Who judged running calls then, and what was found of them. */
const OF_ITS_MOMENT = /^\{s\d+\}:verdicts:(?:lease|running)$/;
const COUNTS = new Set(['roll', 'totals', 'shed']);

/** @param key `{sK}:<kind>…`, or that behind `secret:` */
export function treatmentOf(key: string): KeyTreatment {
  const kind = /^(?:secret:)?\{s\d+\}:([^:]+)/.exec(key)?.[1];
  if (kind === undefined || LEFT_OUT.has(kind) || OF_ITS_MOMENT.test(key)) return 'left-out';
  if (kind === 'req') return 'request';
  return COUNTS.has(kind) ? 'counts' : 'plain';
}

/** Of a hash of counts: is it added up? The last use and other times are no counts. */
export const isCount = (field: string): boolean => field !== 'lu' && !field.endsWith('AtMs');

/** The tag that all keys of a shard share. */
export const tagOf = (key: string): string => key.slice(0, key.indexOf('}') + 1);
