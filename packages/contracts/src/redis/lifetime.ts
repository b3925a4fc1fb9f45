import { addBuckets, letterOf } from './count-blocks.ts';
import { addRollupFields, createFieldNames, emptyRollup, type Rollup } from './counts.ts';

/** Calls by their tokens: `i<bucket>` of input, `o<bucket>` of output, buckets of `tokenBucketOf`. Only in a lifetime. */
export const inputTokensField = createFieldNames('i');
export const outputTokensField = createFieldNames('o');
/** Completed inferences by their time per output token after the first: `t<bucket>`, log buckets of ms; and the sum of those times, µs. */
export const perTokenField = createFieldNames('t');
export const PER_TOKEN_SUM_FIELD = 'tu';

/**
 * Ended calls by who answers: `p:<provider>`. The names of OpenTelemetry's semantic conventions of GenAI and of local servers; all others are
 * counted as one, since names come from outside.
 */
const PROVIDERS: ReadonlySet<string> = new Set([
  ...['ollama', 'openai', 'anthropic', 'azure.ai.openai', 'azure.ai.inference', 'aws.bedrock'],
  ...['gcp.gemini', 'gcp.vertex_ai', 'gcp.gen_ai', 'mistral_ai', 'groq', 'cohere', 'deepseek'],
  ...['perplexity', 'x_ai', 'ibm.watsonx.ai', 'moonshot_ai', 'vllm', 'llama.cpp', 'lmstudio'],
]);
/** The name of all providers that are not known. */
export const OTHER_PROVIDER = '_OTHER';
const PROVIDER_PREFIX = 'p:';

/** The field in which a provider's ended calls are counted. */
export const providerField = (provider: string | undefined): string =>
  PROVIDER_PREFIX + (provider !== undefined && PROVIDERS.has(provider) ? provider : OTHER_PROVIDER);

const ONLY_IN_LIFETIME = new RegExp(`^([iot][0-9]+|${PER_TOKEN_SUM_FIELD}|${PROVIDER_PREFIX}.*)$`);

/** Is it one of the fields above, which no minute and no hour has? */
export const isOnlyInLifetime = (field: string): boolean => ONLY_IN_LIFETIME.test(field);

/** All counts of a combination of model, app and host since the store is: a rollup, and what only counters need. */
export interface Lifetime extends Rollup {
  inputTokens: Map<number, number>;
  outputTokens: Map<number, number>;
  perToken: Map<number, number>;
  perTokenUs: number;
  /** Provider → ended calls. */
  providers: Map<string, number>;
}

/** Counts of nothing, to add to. */
export function emptyLifetime(): Lifetime {
  return {
    ...emptyRollup(),
    inputTokens: new Map(),
    outputTokens: new Map(),
    perToken: new Map(),
    perTokenUs: 0,
    providers: new Map(),
  };
}

/** Adds the fields of one stored hash to `into`. */
export function addLifetimeFields(into: Lifetime, fields: Record<string, string>): void {
  addRollupFields(into, fields);
  const histograms = { i: into.inputTokens, o: into.outputTokens, t: into.perToken };
  for (const [field, text] of Object.entries(fields)) {
    if (field.startsWith(PROVIDER_PREFIX)) {
      const provider = field.slice(PROVIDER_PREFIX.length);
      into.providers.set(provider, (into.providers.get(provider) ?? 0) + Number(text));
    }
    const histogram = histograms[letterOf(field) as keyof typeof histograms];
    if (histogram) addBuckets(histogram, field, text);
  }
  into.perTokenUs += Number(fields[PER_TOKEN_SUM_FIELD] ?? 0);
}
