import type { ServerResponse } from 'node:http';

import { loadAnswer, type InferencePath } from './inference-lines.ts';
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

/** Routes a request as Ollama does. */
export async function answerRequest(exchange: Exchange): Promise<void> {
  const { request, response, catalog } = exchange;
  const path = request.path.split('?')[0];
  switch (`${request.method} ${path}`) {
    case 'HEAD /':
    case 'GET /':
      response.end(request.method === 'GET' ? 'Ollama is running' : undefined);
      return;
    case 'GET /api/version':
      return sendJson(response, 200, { version: exchange.version });
    case 'GET /api/tags':
      return sendJson(response, 200, catalog.tags());
    case 'GET /api/ps':
      return sendJson(response, 200, catalog.ps());
    case 'POST /api/show':
      return withModel(exchange, (model) => sendJson(response, 200, catalog.show(model)));
    case 'POST /api/generate':
      return withModel(exchange, (model) => infer(exchange, 'generate', model));
    case 'POST /api/chat':
      return withModel(exchange, (model) => infer(exchange, 'chat', model));
    case 'POST /api/embed':
    case 'POST /api/embeddings':
      return withModel(exchange, (model) => embed(exchange, model));
    case 'POST /api/pull':
    case 'POST /api/push':
    case 'POST /api/create':
      return reportStatus(exchange);
    default:
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end('404 page not found');
  }
}

async function withModel(
  exchange: Exchange,
  answer: (model: string) => void | Promise<void>,
): Promise<void> {
  const { request, response, catalog } = exchange;
  const { body } = request;
  if (!body) return sendJson(response, 400, { error: 'missing request body' });
  const model = String(body['model'] ?? body['name'] ?? '');
  if (model === '') return sendJson(response, 400, { error: 'model is required' });
  if (!catalog.has(model)) {
    return sendJson(response, 404, { error: `model '${model}' not found` });
  }
  await answer(model);
}

async function infer(exchange: Exchange, path: InferencePath, model: string): Promise<void> {
  const { request, response, catalog } = exchange;
  const body = request.body ?? {};
  const messages = Array.isArray(body['messages']) ? (body['messages'] as unknown[]) : [];
  const prompt = path === 'generate' ? String(body['prompt'] ?? '') : JSON.stringify(messages);
  const unload = body['keep_alive'] === 0 || body['keep_alive'] === '0';
  if (path === 'generate' ? prompt === '' : messages.length === 0) {
    if (unload) catalog.unload(model);
    else catalog.load(model);
    return sendJson(response, 200, loadAnswer(path, model, unload));
  }
  catalog.load(model);
  await playScript({
    inference: { path, model, promptChars: prompt.length, script: exchange.script() },
    // Ollama streams unless told not to.
    stream: body['stream'] !== false,
    response,
    request,
    signal: exchange.signal,
  });
  if (unload) catalog.unload(model);
}

async function embed(exchange: Exchange, model: string): Promise<void> {
  const { request, response, signal } = exchange;
  const script = exchange.script();
  if (script.fault) {
    const inference = { path: 'generate' as const, model, promptChars: 0, script };
    return playScript({ inference, stream: false, response, request, signal });
  }
  const vector = [0.25, -0.5, 0.75, 0.125];
  if (request.path.startsWith('/api/embeddings')) {
    return sendJson(response, 200, { embedding: vector });
  }
  const input = request.body?.['input'];
  const count = Array.isArray(input) ? input.length : 1;
  sendJson(response, 200, {
    model,
    embeddings: Array.from({ length: count }, () => vector),
    total_duration: 14_143_917,
    load_duration: 1_019_500,
    prompt_eval_count: 8 * count,
    ...script.final,
  });
}

/** Pull, push and create report steps and end with `status: success`. */
function reportStatus({ request, response }: Exchange): void {
  if (request.body?.['stream'] === false) return sendJson(response, 200, { status: 'success' });
  const steps = [
    { status: 'pulling manifest' },
    { status: 'pulling dde5aa3fc5ff', digest: 'sha256:dde5aa3fc5ff', total: 100, completed: 100 },
    { status: 'success' },
  ];
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.end(steps.map((step) => `${JSON.stringify(step)}\n`).join(''));
}
