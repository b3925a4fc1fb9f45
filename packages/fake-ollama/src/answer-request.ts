import { answerOllama } from './answer-ollama.ts';
import { answerOpenai } from './answer-openai.ts';
import type { Exchange } from './exchange.ts';

/** Routes a request as Ollama does. */
export async function answerRequest(exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const route = `${request.method} ${request.path.split('?')[0]}`;
  if (route === 'HEAD /' || route === 'GET /') {
    response.end(route === 'GET /' ? 'Ollama is running' : undefined);
    return;
  }
  const answered = answerOllama(route, exchange) ?? answerOpenai(route, exchange);
  if (answered) return answered;
  response.writeHead(404, { 'content-type': 'text/plain' });
  response.end('404 page not found');
}
