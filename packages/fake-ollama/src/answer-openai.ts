import { anthropicDialect } from './anthropic-dialect.ts';
import type { Dialect } from './dialect.ts';
import { infer, objectDialect, withModel, type Exchange } from './exchange.ts';
import { openaiChatDialect } from './openai-chat-dialect.ts';
import { openaiCompletionsDialect } from './openai-completions-dialect.ts';
import { openaiError } from './openai-error.ts';
import { openaiResponsesDialect } from './openai-responses-dialect.ts';
import { sendJson } from './play-script.ts';

const ENDPOINTS: Readonly<Record<string, { dialect: Dialect; prompt: string }>> = {
  'POST /v1/chat/completions': { dialect: openaiChatDialect, prompt: 'messages' },
  'POST /v1/completions': { dialect: openaiCompletionsDialect, prompt: 'prompt' },
  'POST /v1/responses': { dialect: openaiResponsesDialect, prompt: 'input' },
  'POST /v1/messages': { dialect: anthropicDialect, prompt: 'messages' },
};

/** Answers in the manner of OpenAI and Anthropic, as Ollama does under `/v1`; undefined when that is not asked for. */
export function answerOpenai(route: string, exchange: Exchange): Promise<void> | undefined {
  const { request, response, catalog } = exchange;
  if (route === 'GET /v1/models') {
    return Promise.resolve(sendJson(response, 200, catalog.models()));
  }
  if (route === 'POST /v1/embeddings') {
    return withModel(exchange, openaiError, (model) => embed(exchange, model));
  }
  const endpoint = ENDPOINTS[route];
  if (!endpoint) return undefined;
  const { dialect } = endpoint;
  return withModel(exchange, dialect.refusal, (model) => {
    const prompt = request.body?.[endpoint.prompt];
    const promptChars = (typeof prompt === 'string' ? prompt : JSON.stringify(prompt ?? '')).length;
    return infer(exchange, dialect, {
      model,
      promptChars,
      stream: request.body?.['stream'] === true,
    });
  });
}

function embed(exchange: Exchange, model: string): Promise<void> {
  const { input, encoding_format: format } = exchange.request.body ?? {};
  const vector = [0.25, -0.5, 0.75, 0.125];
  const embedding =
    format === 'base64' ? Buffer.from(new Float32Array(vector).buffer).toString('base64') : vector;
  const inputs = Array.isArray(input) ? input : [input];
  const tokens = 8 * inputs.length;
  const dialect = objectDialect(openaiError, (script) => ({
    object: 'list',
    data: inputs.map((_, index) => ({ object: 'embedding', index, embedding })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens, ...script.usage },
  }));
  return infer(exchange, dialect, { model, promptChars: 0, stream: false });
}
