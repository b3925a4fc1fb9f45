import type { Parameters } from '@llm-monitor/contracts/events';

import type { CallDescription } from '../call/call-description.ts';
import { known } from '../call/known.ts';
import { isObject, text, type JsonObject } from './json-fields.ts';
import { readPrompt } from './prompt-parts.ts';
import { readRequestBody } from './request-body.ts';
import { serverOf } from './server-of.ts';
import { toolNamesOf } from './tool-names.ts';

/** What an endpoint is for, and where its requests have what. */
export interface Endpoint {
  /** Whose protocol it is. */
  provider: string;
  operation: string;
  prompt: 'messages' | 'prompt' | 'input';
  instructions?: 'system' | 'instructions';
}

const OLLAMA_PORTS: ReadonlySet<number | undefined> = new Set([11434, 11435]);

/**
 * Reads what a request in the manner of OpenAI or Anthropic asks for; undefined when it names no model, and none of the servers would
 * take it so.
 */
export function describeRequest(
  endpoint: Endpoint,
  url: string,
  body: unknown,
): CallDescription | undefined {
  const read = readRequestBody(body);
  const { fields, complete } = read;
  const model = text(fields['model']);
  if (complete && model === undefined && !asksAnyModel(endpoint, url, fields)) return undefined;
  const { provider, operation, instructions } = endpoint;
  const server = serverOf(url);
  // Of a body that is not complete, what is a message is known, not where it is.
  const prompt = fields[endpoint.prompt] ?? (complete ? undefined : fields['messages']);
  return {
    provider: OLLAMA_PORTS.has(server.serverPort) ? 'ollama' : provider,
    model: (model ?? 'unknown').slice(0, 256),
    operation,
    stream: fields['stream'] === true,
    ...server,
    ...readPrompt(prompt, instructions && fields[instructions], read),
    ...known<Pick<CallDescription, 'parameters' | 'toolNames'>>({
      parameters: parametersOf(fields),
      toolNames: toolNamesOf(fields['tools']),
    }),
  };
}

/**
 * llama.cpp, LM Studio and others take the model that they have where none is named. A message has a role; what `prompt` and `input` are
 * to other services nobody knows, so these count by the path of OpenAI alone.
 */
function asksAnyModel(endpoint: Endpoint, url: string, fields: JsonObject): boolean {
  if (endpoint.provider !== 'openai' || endpoint.instructions) return false;
  const asked = fields[endpoint.prompt];
  if (endpoint.prompt !== 'messages')
    return asked !== undefined && /\/v1\/\w+\/?(\?|#|$)/.test(url);
  return Array.isArray(asked) && asked.some((one) => isObject(one) && 'role' in one);
}

function parametersOf(request: JsonObject): Parameters | undefined {
  const number = (...names: string[]) =>
    names.map((name) => request[name]).find((value) => Number.isFinite(value)) as
      | number
      | undefined;
  const parameters = known<Parameters>({
    temperature: number('temperature'),
    topP: number('top_p'),
    topK: number('top_k'),
    maxTokens: number('max_completion_tokens', 'max_output_tokens', 'max_tokens'),
    seed: number('seed'),
  });
  return Object.keys(parameters).length > 0 ? parameters : undefined;
}
