import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { answerRequest } from './answer-request.ts';
import { createModelCatalog } from './model-catalog.ts';
import type { ReceivedRequest } from './received-request.ts';
import type { Script } from './script.ts';

export interface FakeOllamaOptions {
  /** What to answer to this call of a model (`/api/chat`, `/api/embed`, `/v1/chat/completions` …). By default a short sentence, at once. */
  respond?: (request: ReceivedRequest) => Script | undefined;
  /** The models that exist; another is answered with Ollama's 404. By default every name exists. */
  models?: readonly string[];
  /** What `/api/version` says. */
  version?: string;
}

/** A server that speaks Ollama's HTTP protocol, and OpenAI's and Anthropic's as Ollama does. */
export interface FakeOllama {
  /** Starts it on 127.0.0.1 and resolves to its URL; port 0 takes a free one. */
  listen(port?: number): Promise<string>;
  /** Ends all connections and stops. */
  close(): Promise<void>;
  /** Every request so far, in order of arrival. */
  requests: readonly ReceivedRequest[];
}

/** Creates a fake Ollama. It holds no state but its loaded models and the requests it got. */
export function createFakeOllama(options: FakeOllamaOptions = {}): FakeOllama {
  const requests: ReceivedRequest[] = [];
  const catalog = createModelCatalog(options.models);
  const respond = options.respond ?? (() => undefined);
  const version = options.version ?? '0.12.0';
  const server = createServer((incoming, response) => {
    const leaving = new AbortController();
    response.once('close', () => leaving.abort());
    void receive(incoming)
      .then((request) => {
        requests.push(request);
        response.once('finish', () => (request.finished = true));
        response.once('close', () => (request.disconnected = !response.writableFinished));
        const script = () => respond(request) ?? {};
        return answerRequest({
          request,
          response,
          catalog,
          version,
          script,
          signal: leaving.signal,
        });
      })
      .catch((error: unknown) => abandon(response, error, leaving.signal));
  });
  return {
    requests,
    async listen(port = 0) {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString('utf8');
  return {
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: incoming.headers,
    body: parseObject(text),
    text,
    disconnected: false,
    finished: false,
    linesSent: 0,
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A client that left is no error; anything else is a mistake in a script and must be seen. */
function abandon(response: ServerResponse, error: unknown, signal: AbortSignal): void {
  if (signal.aborted) return;
  response.destroy(error instanceof Error ? error : new Error(String(error)));
  throw error;
}
