import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';

import type { Fetch } from '../transport/instrument-fetch.ts';
import { ownFetch } from '../transport/own-fetch.ts';

/**
 * A fetch without time-outs of its own, for text bodies: the runtime's gives up after five minutes without headers, and a large
 * model on a slow machine takes longer to load and read its prompt. `limit` ends it, with its reason.
 */
export function patientFetch(limit: AbortSignal): Fetch {
  return ownFetch(async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const headers = Object.fromEntries(new Headers(init.headers ?? {}));
    const request = send(url, { method: init.method ?? 'GET', headers });
    const response = await answerTo(
      request,
      typeof init.body === 'string' ? init.body : '',
      signal,
    );
    return new Response(Readable.toWeb(response) as ReadableStream<Uint8Array>, {
      status: response.statusCode ?? 0,
      statusText: response.statusMessage ?? '',
      headers: response.headers as Record<string, string>,
    });
  });
}

function answerTo(
  request: ClientRequest,
  body: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      const reason: unknown = signal.reason;
      request.destroy(reason instanceof Error ? reason : new Error(String(reason)));
    };
    const failed = (error: Error) =>
      reject(
        signal.aborted ? (signal.reason as Error) : new TypeError('fetch failed', { cause: error }),
      );
    request.once('error', failed);
    request.once('response', (response) => {
      // From here the body carries the reason of an abort.
      request.off('error', failed);
      request.on('error', () => undefined);
      signal.removeEventListener('abort', abort);
      const abortBody = () => response.destroy(signal.reason as Error);
      signal.addEventListener('abort', abortBody, { once: true });
      response.once('close', () => signal.removeEventListener('abort', abortBody));
      resolve(response);
    });
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    request.end(body);
  });
}
