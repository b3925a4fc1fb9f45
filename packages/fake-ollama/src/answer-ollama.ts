import { infer, objectDialect, withModel, type Exchange } from './exchange.ts';
import { loadAnswer, ollamaDialect, type OllamaEndpoint } from './ollama-dialect.ts';
import { sendJson } from './play-script.ts';

const { refusal } = ollamaDialect('chat');

/** Answers what is Ollama's own; undefined when it is not. */
export function answerOllama(route: string, exchange: Exchange): void | Promise<void> | undefined {
  const { response, catalog, version } = exchange;
  const known = (answer: (model: string) => void | Promise<void>) =>
    withModel(exchange, refusal, answer);
  const give = (body: unknown) => Promise.resolve(sendJson(response, 200, body));
  switch (route) {
    case 'GET /api/version':
      return give({ version });
    case 'GET /api/tags':
      return give(catalog.tags());
    case 'GET /api/ps':
      return give(catalog.ps());
    case 'POST /api/show':
      return known((model) => give(catalog.show(model)));
    case 'POST /api/generate':
      return known((model) => run(exchange, 'generate', model));
    case 'POST /api/chat':
      return known((model) => run(exchange, 'chat', model));
    case 'POST /api/embed':
    case 'POST /api/embeddings':
      return known((model) => embed(exchange, route, model));
    case 'POST /api/pull':
    case 'POST /api/push':
    case 'POST /api/create':
      return Promise.resolve(reportStatus(exchange));
    default:
      return undefined;
  }
}

async function run(exchange: Exchange, endpoint: OllamaEndpoint, model: string): Promise<void> {
  const { request, response, catalog } = exchange;
  const body = request.body ?? {};
  const messages = Array.isArray(body['messages']) ? (body['messages'] as unknown[]) : [];
  const prompt = endpoint === 'generate' ? String(body['prompt'] ?? '') : JSON.stringify(messages);
  const unload = body['keep_alive'] === 0 || body['keep_alive'] === '0';
  if (endpoint === 'generate' ? prompt === '' : messages.length === 0) {
    if (unload) catalog.unload(model);
    else catalog.load(model);
    return sendJson(response, 200, loadAnswer(endpoint, model, unload));
  }
  // Ollama streams unless told not to.
  const stream = body['stream'] !== false;
  await infer(exchange, ollamaDialect(endpoint), { model, promptChars: prompt.length, stream });
  if (unload) catalog.unload(model);
}

function embed(exchange: Exchange, route: string, model: string): Promise<void> {
  const input = exchange.request.body?.['input'];
  const count = Array.isArray(input) ? input.length : 1;
  const vector = [0.25, -0.5, 0.75, 0.125];
  const dialect = objectDialect(refusal, (script) =>
    route.endsWith('/embeddings')
      ? { embedding: vector }
      : {
          model,
          embeddings: Array.from({ length: count }, () => vector),
          total_duration: 14_143_917,
          load_duration: 1_019_500,
          prompt_eval_count: 8 * count,
          ...script.final,
        },
  );
  return infer(exchange, dialect, { model, promptChars: 0, stream: false });
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
