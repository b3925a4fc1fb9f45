import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a sink got. */
export interface SunkRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  /** As it came, for signatures. */
  raw: string;
  body: Record<string, unknown>;
}

type Answer = (request: SunkRequest, response: ServerResponse) => void;

/** An HTTP server that keeps what it gets, and answers as it is told. */
export interface HttpSink {
  url: string;
  requests: SunkRequest[];
  /** From now on; without one 200 `ok`. */
  answer(how: Answer | { status: number; headers?: Record<string, string>; body?: string }): void;
  /** Answers well again and forgets what it got. */
  reset(): void;
  close(): Promise<void>;
}

export async function startHttpSink(): Promise<HttpSink> {
  const requests: SunkRequest[] = [];
  const well: Answer = (_request, response) => void response.end('ok');
  let answer = well;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString();
      const { method = '', url: path = '', headers } = request;
      const body = JSON.parse(raw || '{}') as Record<string, unknown>;
      const sunk = { method, path, headers, raw, body };
      requests.push(sunk);
      answer(sunk, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer(how) {
      answer =
        typeof how === 'function'
          ? how
          : (_request, response) => void response.writeHead(how.status, how.headers).end(how.body);
    },
    reset() {
      answer = well;
      requests.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
