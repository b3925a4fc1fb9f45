import { TOKEN_BOUNDS } from './token-buckets.ts';

/**
 * Names and buckets of the OpenTelemetry semantic conventions for GenAI, version 1.38: what other systems know our figures by.
 * Durations in seconds, sizes in tokens.
 */
export const GEN_AI_METRICS = {
  duration: {
    name: 'gen_ai.client.operation.duration',
    unit: 's',
    description: 'Duration of LLM calls',
    bounds: [
      0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
    ],
  },
  tokens: {
    name: 'gen_ai.client.token.usage',
    unit: '{token}',
    description: 'Tokens of LLM calls, input and output',
    bounds: TOKEN_BOUNDS,
  },
  timeToFirstToken: {
    name: 'gen_ai.server.time_to_first_token',
    unit: 's',
    description: 'Time to the first token of LLM calls',
    bounds: [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
  },
} as const;

/** `gen_ai.operation.name` where our name differs. */
const OPERATIONS: ReadonlyMap<string, string> = new Map([
  ['generate', 'text_completion'],
  ['embed', 'embeddings'],
]);

/** `gen_ai.operation.name` of an operation, which apps name as they like; `chat` where none is said. */
export function genAiOperation(operation: string | undefined): string {
  if (operation === undefined) return 'chat';
  return OPERATIONS.get(operation) ?? operation;
}
