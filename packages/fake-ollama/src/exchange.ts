import type { ServerResponse } from 'node:http';

import type { Dialect } from './dialect.ts';
import type { ModelCatalog } from './model-catalog.ts';
import { playScript, sendJson } from './play-script.ts';
import type { ReceivedRequest } from './received-request.ts';
import type { Script } from './script.ts';

/** One request with what is needed to answer it. `script` is asked only for calls that run a model. */
export interface Exchange {
  request: ReceivedRequest;
  response: ServerResponse;
  catalog: ModelCatalog;
  version: string;
  script: () => Script;
  signal: AbortSignal;
}

/** Refuses a request that names no model that exists; else lets it be answered. */
export async function withModel(
  { request, response, catalog }: Exchange,
  refusal: Dialect['refusal'],
  answer: (model: string) => void | Promise<void>,
): Promise<void> {
  const { body } = request;
  const refuse = (status: number, message: string) =>
    sendJson(response, status, refusal(status, message));
  if (!body) return refuse(400, 'missing request body');
  const model = String(body['model'] ?? body['name'] ?? '');
  if (model === '') return refuse(400, 'model is required');
  if (!catalog.has(model)) return refuse(404, `model '${model}' not found`);
  await answer(model);
}

/** Runs a model by its script. */
export function infer(
  exchange: Exchange,
  dialect: Dialect,
  asked: { model: string; promptChars: number; stream: boolean },
): Promise<void> {
  const { request, response, signal } = exchange;
  const { model, promptChars, stream } = asked;
  const script = exchange.script();
  if (script.loaded) void script.loaded.then(() => exchange.catalog.load(model));
  else exchange.catalog.load(model);
  const inference = { model, promptChars, script, request: request.body ?? {} };
  return playScript({ dialect, inference, stream, response, request, signal });
}

/** An answer that is one object whatever was asked. */
export function objectDialect(
  refusal: Dialect['refusal'],
  whole: (script: Script) => unknown,
): Dialect {
  return {
    streamType: 'application/json',
    lines: () => [],
    ending: () => '',
    whole: ({ script }) => whole(script),
    errorLine: () => '',
    refusal,
  };
}
