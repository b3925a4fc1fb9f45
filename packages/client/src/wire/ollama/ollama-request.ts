import type { Parameters } from '@llm-monitor/contracts/events';

import type { CallDescription } from '../../call/call-description.ts';
import { known } from '../../call/known.ts';
import { base64Bytes } from '../base64-bytes.ts';
import { count, isObject, text, type JsonObject } from '../json-fields.ts';
import { remembered } from '../remembered.ts';
import { readRequestBody, type RequestBody } from '../request-body.ts';
import { serverOf } from '../server-of.ts';
import { toolNamesOf } from '../tool-names.ts';

/** Reads what a request to Ollama asks for; undefined when it names no model. */
export function describeOllamaRequest(url: string, body: unknown): CallDescription | undefined {
  const endpoint = endpointOf(url);
  const read = readRequestBody(body);
  const { fields: request, complete } = read;
  const model = text(request['model']) ?? text(request['name']);
  if (complete && model === undefined) return undefined;
  return {
    provider: 'ollama',
    model: (model ?? 'unknown').slice(0, 256),
    // What cannot be read asks for something: a load would be left out of all figures.
    operation: complete ? operationOf(endpoint, request) : operationOfEndpoint(endpoint),
    stream: endpoint.startsWith('embed') ? false : request['stream'] !== false,
    ...serverOf(url),
    ...said(endpoint, read),
    ...known<Pick<CallDescription, 'parameters' | 'toolNames' | 'keepAlive'>>({
      parameters: parametersOf(request['options']),
      toolNames: toolNamesOf(request['tools']),
      keepAlive: keepAliveOf(request['keep_alive']),
    }),
  };
}

/** The last part of its path. */
const endpointOf = remembered(
  (url: string) => /([a-z]+)\/?$/.exec(url.split(/[?#]/)[0] ?? '')?.[1] ?? '',
);

const operationOfEndpoint = (endpoint: string) =>
  endpoint.startsWith('embed') ? 'embed' : endpoint;

function operationOf(endpoint: string, request: JsonObject): string {
  const { prompt, messages, images } = request;
  const isEmpty =
    endpoint === 'generate'
      ? !prompt && !(Array.isArray(images) && images.length > 0)
      : endpoint === 'chat' && (!Array.isArray(messages) || messages.length === 0);
  if (!isEmpty) return operationOfEndpoint(endpoint);
  return /^0(\.0*)?[a-z]*$/.test(String(request['keep_alive'] ?? '')) ? 'unload' : 'load';
}

type Said = Pick<CallDescription, 'promptText' | 'promptChars' | 'imageCount' | 'imageBytes'>;

/** Of a body too long to be read whole, its length is the closest that is known to that of its text. */
function said(endpoint: string, { fields: request, complete, length }: RequestBody): Said {
  const charsOf = (texts: readonly string[]) => (complete ? lengthOf(texts) : length);
  if (endpoint === 'chat') return saidInMessages(request['messages'], charsOf);
  const input = endpoint.startsWith('embed')
    ? (request['input'] ?? request['prompt'])
    : request['prompt'];
  const texts = (Array.isArray(input) ? input : [input]).filter((one) => typeof one === 'string');
  return known<Said>({
    promptText: texts[0],
    promptChars: texts.length > 0 ? charsOf(texts) : undefined,
    ...imagesOf(request['images']),
  });
}

function saidInMessages(
  value: unknown,
  charsOf: (texts: readonly string[]) => number | undefined,
): Said {
  const messages = (Array.isArray(value) ? value : []).filter(isObject);
  if (messages.length === 0) return {};
  const last = messages.findLast((message) => message['role'] === 'user') ?? messages.at(-1);
  const texts = messages.map((message) => text(message['content']) ?? '');
  return known<Said>({
    promptText: text(last?.['content']),
    promptChars: charsOf(texts),
    ...imagesOf(messages.flatMap((message) => message['images'] ?? [])),
  });
}

/** How many images and how large: never the images. */
function imagesOf(value: unknown): Pick<Said, 'imageCount' | 'imageBytes'> {
  if (!Array.isArray(value) || value.length === 0) return {};
  const base64 = value.filter((image) => typeof image === 'string');
  const imageBytes = base64.reduce((sum, image) => sum + base64Bytes(image), 0);
  return { imageCount: value.length, imageBytes };
}

function parametersOf(options: unknown): Parameters | undefined {
  if (!isObject(options)) return undefined;
  const number = (value: unknown) =>
    typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  const parameters = known<Parameters>({
    temperature: number(options['temperature']),
    topP: number(options['top_p']),
    topK: number(options['top_k']),
    numCtx: number(options['num_ctx']),
    maxTokens: number(options['num_predict']),
    seed: number(options['seed']),
  });
  return Object.keys(parameters).length > 0 ? parameters : undefined;
}

function keepAliveOf(value: unknown): string | number | undefined {
  return count(value) ?? (typeof value === 'number' ? value : text(value)?.slice(0, 64));
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, one) => sum + one.length, 0);
}
