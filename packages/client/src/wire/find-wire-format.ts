import { ollamaFormat, isOllamaPath } from './ollama/ollama-format.ts';
import type { WireFormat } from './wire-format.ts';

/** The format that a POST to this URL is in; undefined when it is no call of a model. */
export function findWireFormat(url: string): WireFormat | undefined {
  const end = url.search(/[?#]/);
  const path = end === -1 ? url : url.slice(0, end);
  return isOllamaPath(path) ? ollamaFormat : undefined;
}
