import { addBuckets, letterOf } from './count-blocks.ts';

/** Fields of a rollup and of the totals. Short, since every rollup holds them. */
export const COUNT_FIELDS = {
  started: 'n',
  completed: 'ok',
  /** error, timeout, incomplete and orphaned */
  failed: 'ko',
  /** of the failed ones */
  timeouts: 'to',
  /** cancelled and abandoned */
  cancelled: 'ca',
  inputTokens: 'it',
  outputTokens: 'ot',
  /** completed inferences, and the sum of their durations, ms */
  inferences: 'dn',
  durationMs: 'ds',
  /** completed inferences whose time to first token is known, and its sum, ms */
  firstTokens: 'fn',
  firstTokenMs: 'fs',
  /** tokens whose generation time is known, and that time, ms */
  generatedTokens: 'gt',
  generationMs: 'gm',
  /** ended calls whose energy is known, and its sum, J */
  energyCalls: 'en',
  energyJoules: 'ej',
  /** when the last of these calls started, ms; kept as a maximum, not a sum */
  lastUsedMs: 'lu',
} as const;

/** Counts of some calls; all sums. */
export type Counts = Record<Exclude<keyof typeof COUNT_FIELDS, 'lastUsedMs'>, number>;

/** Histogram fields: `d<bucket>` of response times, `f<bucket>` of times to first token; or blocks of them, see `count-blocks.ts`. */
export const durationField = createFieldNames('d');
export const firstTokenField = createFieldNames('f');

/** Collectors ask for the same few hundred names thousands of times a second: each is made once. */
export function createFieldNames(letter: string): (bucket: number) => string {
  const names: string[] = [];
  return (bucket) => (names[bucket] ??= `${letter}${bucket}`);
}

/** Counts with their histograms (bucket → number of calls) and the last use. */
export interface Rollup {
  counts: Counts;
  durations: Map<number, number>;
  firstTokens: Map<number, number>;
  lastUsedMs: number;
}

const NAME_OF_FIELD = new Map(
  Object.entries(COUNT_FIELDS).map(([name, field]) => [field as string, name]),
);

/** Counts of nothing, to add to. */
export function emptyRollup(): Rollup {
  const counts = {} as Counts;
  for (const name of Object.keys(COUNT_FIELDS)) {
    if (name !== 'lastUsedMs') counts[name as keyof Counts] = 0;
  }
  return { counts, durations: new Map(), firstTokens: new Map(), lastUsedMs: 0 };
}

/** Adds the fields of one stored hash to `into`. Unknown fields are ignored: a newer writer may know more. */
export function addRollupFields(into: Rollup, fields: Record<string, string>): void {
  for (const [field, text] of Object.entries(fields)) {
    const value = Number(text);
    const name = NAME_OF_FIELD.get(field);
    if (name === 'lastUsedMs') into.lastUsedMs = Math.max(into.lastUsedMs, value);
    else if (name !== undefined) into.counts[name as keyof Counts] += value;
    else addToHistogram(into, field, text);
  }
}

function addToHistogram(into: Rollup, field: string, text: string): void {
  const histogram = { d: into.durations, f: into.firstTokens }[letterOf(field)];
  if (histogram) addBuckets(histogram, field, text);
}
