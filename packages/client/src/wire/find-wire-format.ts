import { anthropicFormat } from './anthropic/anthropic-format.ts';
import { ollamaFormat, isOllamaPath } from './ollama/ollama-format.ts';
import { openaiFormats } from './openai/openai-formats.ts';
import { remembered } from './remembered.ts';
import type { WireFormat } from './wire-format.ts';

/**
 * The format that a POST to this URL is in; undefined when it is no call of a model.
 * A path says only what a call may be: other services have such paths too, and a request that names no model is none.
 */
export const findWireFormat = remembered(formatOf);

function formatOf(url: string): WireFormat | undefined {
  const end = url.search(/[?#]/);
  const path = end === -1 ? url : url.slice(0, end);
  if (isOllamaPath(path)) return ollamaFormat;
  if (/\/v1\/messages\/?$/.test(path)) return anthropicFormat;
  return openaiFormats.find((one) => one.path.test(path))?.format;
}
