import { addRollupFields, createFieldNames, emptyRollup, type Rollup } from './counts.ts';

/** Calls by their tokens: `i<bucket>` of input, `o<bucket>` of output, buckets of `tokenBucketOf`. Only in a lifetime. */
export const inputTokensField = createFieldNames('i');
export const outputTokensField = createFieldNames('o');
/** Completed inferences by their time per output token after the first: `t<bucket>`, log buckets of ms; and the sum of those times, µs. */
export const perTokenField = createFieldNames('t');
export const PER_TOKEN_SUM_FIELD = 'tu';

/** All counts of a combination of model, app and host since the store is: a rollup, and what only counters need. */
export interface Lifetime extends Rollup {
  inputTokens: Map<number, number>;
  outputTokens: Map<number, number>;
  perToken: Map<number, number>;
  perTokenUs: number;
}

export function emptyLifetime(): Lifetime {
  return {
    ...emptyRollup(),
    inputTokens: new Map(),
    outputTokens: new Map(),
    perToken: new Map(),
    perTokenUs: 0,
  };
}

/** Adds the fields of one stored hash to `into`. */
export function addLifetimeFields(into: Lifetime, fields: Record<string, string>): void {
  addRollupFields(into, fields);
  const histograms = { i: into.inputTokens, o: into.outputTokens, t: into.perToken };
  for (const [field, text] of Object.entries(fields)) {
    const histogram = histograms[field[0] as keyof typeof histograms];
    const bucket = Number(field.slice(1));
    if (histogram && Number.isInteger(bucket)) {
      histogram.set(bucket, (histogram.get(bucket) ?? 0) + Number(text));
    }
  }
  into.perTokenUs += Number(fields[PER_TOKEN_SUM_FIELD] ?? 0);
}
