import type { ShortCodes } from './short-form.ts';

// What stands for what in the short form. Stored data outlive versions: a sign never changes its meaning, new ones may be added.
// A capital is a text, a small letter a number, anything else a value that comes often; see short-form.ts.

/** Of what was asked. */
export const ASKED_CODES: ShortCodes = {
  model: { text: 'M' },
  host: { text: 'H' },
  provider: { text: 'P', known: { '!': 'ollama', '#': 'openai', $: 'anthropic' } },
  operation: { text: 'O', known: { '%': 'chat', '&': 'generate', "'": 'embed' } },
  stream: { known: { '(': true, ')': false } },
  logicalId: { text: 'L' },
  sessionId: { text: 'S' },
  userId: { text: 'U' },
  traceparent: { text: 'T' },
  demo: { known: { '*': true } },
  serverAddress: { text: 'A', known: { '+': '127.0.0.1', ',': 'localhost' } },
  serverPort: { number: 'p', known: { '/': 11_434 } },
  promptChars: { number: 'c' },
  promptPreview: { text: 'V' },
  prompt: { text: 'W' },
  promptTruncated: { known: { ':': true, ';': false } },
  imageCount: { number: 'i' },
  imageBytes: { number: 'b' },
  timeoutMs: { number: 't' },
};

/** Of how it ended. */
export const RESULT_CODES: ShortCodes = {
  durationMs: { number: 'd' },
  outcome: {
    known: {
      ...{ '!': 'completed', '#': 'error', $: 'timeout', '%': 'incomplete' },
      ...{ '&': 'orphaned', "'": 'cancelled', '(': 'abandoned' },
    },
  },
  cancelledBy: { text: 'C' },
  finishReason: { text: 'F', known: { ')': 'stop', '*': 'length', '+': 'tool_calls' } },
  usage: {
    parts: {
      inputTokens: { number: 'i' },
      outputTokens: { number: 'o' },
      source: { known: { ',': 'server', '/': 'estimate', ':': 'none' } },
    },
  },
  ollama: {
    parts: {
      totalDurationNs: { number: 't' },
      loadDurationNs: { number: 'l' },
      promptEvalDurationNs: { number: 'p' },
      evalDurationNs: { number: 'v' },
    },
  },
  chunks: { number: 'k' },
  outputChars: { number: 'c' },
  responsePreview: { text: 'V' },
  response: { text: 'W' },
  responseTruncated: { known: { ';': true, '<': false } },
  error: { parts: { type: { text: 'E' }, message: { text: 'G' }, status: { number: 's' } } },
};
