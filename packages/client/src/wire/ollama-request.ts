import type { Parameters } from '@llm-monitor/contracts/events';

import type { CallDescription } from '../call/call-description.ts';
import { count, isObject, known, parseObject, text, type JsonObject } from './json-fields.ts';

/** A longer body is not parsed: its beginning and its end tell enough. */
const MAX_PARSED_CHARS = 512 * 1024;
const EDGE_CHARS = 4096;

/** Reads what a request to Ollama asks for. */
export function describeOllamaRequest(url: string, body: unknown): CallDescription {
  const endpoint = /([a-z]+)\/?$/.exec(url.split(/[?#]/)[0] ?? '')?.[1] ?? '';
  const request = readBody(body);
  return {
    provider: 'ollama',
    model: (text(request['model']) ?? text(request['name']) ?? 'unknown').slice(0, 256),
    operation: operationOf(endpoint, request),
    stream: endpoint.startsWith('embed') ? false : request['stream'] !== false,
    ...serverOf(url),
    ...said(endpoint, request),
    ...known<Pick<CallDescription, 'parameters' | 'toolNames' | 'keepAlive'>>({
      parameters: parametersOf(request['options']),
      toolNames: toolNamesOf(request['tools']),
      keepAlive: keepAliveOf(request['keep_alive']),
    }),
  };
}

function operationOf(endpoint: string, request: JsonObject): string {
  if (endpoint.startsWith('embed')) return 'embed';
  const { prompt, messages, images } = request;
  const isEmpty =
    endpoint === 'generate'
      ? !prompt && !(Array.isArray(images) && images.length > 0)
      : endpoint === 'chat' && (!Array.isArray(messages) || messages.length === 0);
  if (!isEmpty || request[TRUNCATED]) return endpoint;
  return /^0(\.0*)?[a-z]*$/.test(String(request['keep_alive'] ?? '')) ? 'unload' : 'load';
}

function serverOf(url: string): Pick<CallDescription, 'serverAddress' | 'serverPort'> {
  try {
    const { hostname, port, protocol } = new URL(url);
    return {
      serverAddress: hostname,
      serverPort: Number(port || (protocol === 'https:' ? 443 : 80)),
    };
  } catch {
    return {};
  }
}

type Said = Pick<CallDescription, 'promptText' | 'promptChars' | 'imageCount' | 'imageBytes'>;

function said(endpoint: string, request: JsonObject): Said {
  const whole = count(request[TRUNCATED]);
  if (endpoint === 'chat') return saidInMessages(request['messages'], whole);
  const input = endpoint.startsWith('embed')
    ? (request['input'] ?? request['prompt'])
    : request['prompt'];
  const texts = (Array.isArray(input) ? input : [input]).filter((one) => typeof one === 'string');
  return known<Said>({
    promptText: texts[0],
    promptChars: texts.length > 0 ? (whole ?? lengthOf(texts)) : undefined,
    ...imagesOf(request['images']),
  });
}

function saidInMessages(value: unknown, whole: number | undefined): Said {
  const messages = (Array.isArray(value) ? value : []).filter(isObject);
  if (messages.length === 0) return {};
  const last = messages.findLast((message) => message['role'] === 'user') ?? messages.at(-1);
  const texts = messages.map((message) => text(message['content']) ?? '');
  return known<Said>({
    promptText: text(last?.['content']),
    promptChars: whole ?? lengthOf(texts),
    ...imagesOf(messages.flatMap((message) => message['images'] ?? [])),
  });
}

/** How many images and how large: never the images. */
function imagesOf(value: unknown): Pick<Said, 'imageCount' | 'imageBytes'> {
  if (!Array.isArray(value) || value.length === 0) return {};
  const base64 = value.filter((image) => typeof image === 'string');
  return { imageCount: value.length, imageBytes: Math.floor((lengthOf(base64) * 3) / 4) };
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

function toolNamesOf(tools: unknown): string[] | undefined {
  if (!Array.isArray(tools) || tools.length === 0) return undefined;
  const names = tools.map((tool: unknown) => {
    const called = isObject(tool) ? tool['function'] : undefined;
    return isObject(called) ? text(called['name'])?.slice(0, 256) : undefined;
  });
  return names.filter((name) => name !== undefined).slice(0, 256);
}

function keepAliveOf(value: unknown): string | number | undefined {
  return count(value) ?? (typeof value === 'number' ? value : text(value)?.slice(0, 64));
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((sum, one) => sum + one.length, 0);
}

/** Marks a request that was too long to parse, with its length. */
const TRUNCATED = Symbol('truncated') as unknown as string;

function readBody(body: unknown): JsonObject {
  if (typeof body !== 'string') return {};
  if (body.length <= MAX_PARSED_CHARS) return parseObject(body) ?? {};
  const edges = `${body.slice(0, EDGE_CHARS)}\n${body.slice(-EDGE_CHARS)}`;
  const string = (name: string) => {
    const match = new RegExp(`"${name}":\\s*("(?:[^"\\\\]|\\\\.)*)`).exec(edges)?.[1];
    return match === undefined ? undefined : readString(match);
  };
  const streams = /"stream":\s*(true|false)/.exec(edges)?.[1];
  const prompt = string('prompt');
  const content = string('content');
  return known<JsonObject>({
    [TRUNCATED]: body.length,
    model: string('model') ?? string('name'),
    stream: streams === undefined ? undefined : streams === 'true',
    prompt,
    messages: content === undefined ? undefined : [{ role: 'user', content }],
  });
}

/** The text of a JSON string that may have been cut anywhere. */
function readString(cut: string): string | undefined {
  for (let length = cut.length; length > cut.length - 6 && length > 0; length -= 1) {
    try {
      return JSON.parse(`${cut.slice(0, length)}"`) as string;
    } catch {
      // The cut went through an escape: one unit less.
    }
  }
  return undefined;
}
