import { createOllamaEitherReader } from './ollama-either-reader.ts';
import { plainOllamaText, readOllamaMessage } from './ollama-message.ts';
import { describeOllamaRequest } from './ollama-request.ts';
import {
  createOllamaObjectReader,
  createOllamaStreamReader,
  ollamaResultOfThrown,
} from './ollama-response.ts';
import type { WireFormat } from '../wire-format.ts';

const PATH = /\/api\/(?:chat|generate|embed|embeddings|pull|push|create)\/?$/;

/** Is this path of a URL a call that Ollama runs a model for, or moves one? */
export function isOllamaPath(path: string): boolean {
  return PATH.test(path);
}

/** Ollama's native protocol: one JSON object, or newline-delimited ones. */
export const ollamaFormat: WireFormat = {
  describe: describeOllamaRequest,
  piece: readOllamaMessage,
  plainText: plainOllamaText,
  resultOfThrown: ollamaResultOfThrown,
  reader(head, tracker) {
    if (!head.ok || head.isWhole) return createOllamaObjectReader(head, tracker);
    return head.contentType.includes('ndjson')
      ? createOllamaStreamReader(tracker)
      : createOllamaEitherReader(head, tracker);
  },
};
