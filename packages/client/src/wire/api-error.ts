import type { RequestError } from '@llm-monitor/contracts/events';

import { cleanMessage } from '../call/describe-error.ts';
import { isObject, parseObject, text, type JsonObject } from './json-fields.ts';
import type { ResponseHead } from './wire-format.ts';

/** An error that a server tells of instead of an answer: `{error: {message}}`, `{error: "…"}`. */
export function errorIn(message: JsonObject): RequestError | undefined {
  const { error } = message;
  if (error === undefined || error === null) {
    return message['type'] === 'error' ? apiError(messageIn(message)) : undefined;
  }
  const status = isObject(error) ? error['code'] : undefined;
  const isStatus = Number.isInteger(status) && Number(status) >= 400 && Number(status) < 600;
  return apiError(messageIn({ error }), isStatus ? Number(status) : undefined);
}

/** What a server says that refuses a request; `type` is the class of error that its SDK throws. */
export function refusalOf(head: ResponseHead, body: string, type: string): RequestError {
  const isJson = head.contentType.includes('json');
  const said = isJson ? messageIn(parseObject(body) ?? {}) : text(body);
  const message = cleanMessage(said ?? `Error ${head.status}: ${head.statusText}`);
  return { type, message, status: head.status };
}

/** OpenAI, Anthropic and Ollama say `error`, vLLM `message`, FastAPI `detail`. */
function messageIn(body: JsonObject): string | undefined {
  const { error, message, detail } = body;
  return text(isObject(error) ? error['message'] : error) ?? text(message) ?? text(detail);
}

function apiError(message: string | undefined, status?: number): RequestError {
  const error = {
    type: 'APIError',
    message: cleanMessage(message ?? 'the server told of an error'),
  };
  return status === undefined ? error : { ...error, status };
}
