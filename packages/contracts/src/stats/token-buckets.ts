/** Most tokens of one call in each bucket, but the last. Source: OpenTelemetry, semantic conventions of GenAI metrics, `gen_ai.client.token.usage`. */
export const TOKEN_BOUNDS: readonly number[] = Array.from({ length: 14 }, (_, i) => 4 ** i);

/** The bucket of a number of tokens: the first whose bound is not below it, or one beyond the last. */
export function tokenBucketOf(tokens: number): number {
  let bucket = 0;
  while (bucket < TOKEN_BOUNDS.length && tokens > (TOKEN_BOUNDS[bucket] ?? 0)) bucket++;
  return bucket;
}
