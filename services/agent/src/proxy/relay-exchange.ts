import type {
  ClientRequest,
  IncomingHttpHeaders,
  IncomingMessage,
  ServerResponse,
} from 'node:http';

import type { ClientSockets } from './client-sockets.ts';
import { cutClient, cutOf, type Cut } from './cut-client.ts';
import { headerPairs, headerTokens, requestHeaders, responseHeaders } from './hop-headers.ts';
import { observeExchange, type Observer } from './observation.ts';
import { dropBody, pumpBody } from './pump-body.ts';
import { answerRefusal, originTarget, refusalOf, unreachable, type Admission } from './refusal.ts';

/** What the exchanges of one proxy share. */
export interface Proxy extends Admission {
  clients: ClientSockets;
  observer: Observer;
}

const ignore = () => undefined;

/** Passes one request on, and its answer back, as they are. */
export function relayExchange(
  incoming: IncomingMessage,
  response: ServerResponse,
  proxy: Proxy,
): void {
  const refusal = refusalOf(incoming, proxy);
  if (refusal) answerRefusal(response, refusal, proxy.instance);
  else startExchange(incoming, response, proxy);
}

function startExchange(incoming: IncomingMessage, response: ServerResponse, proxy: Proxy): void {
  const { upstream, instance, clients } = proxy;
  const { socket } = incoming;
  const path = upstream.path(originTarget(incoming.url ?? '/'));
  const method = incoming.method ?? 'GET';
  const head = { method, path, headers: headersFor(incoming, proxy) };
  let request: ClientRequest | undefined;
  /** Nothing is to be done any more, whatever comes. */
  let isOver = false;
  let isAnswered = false;
  let isUploaded = false;

  const url = upstream.origin + path;
  const observation = observeExchange(proxy.observer, {
    incoming,
    url,
    cancel: () => stop('reset'),
  });
  const forget = clients.onGone(socket, (by) => {
    if (isOver) return;
    isOver = true;
    if (!isAnswered) observation?.left(by);
    request?.destroy();
  });
  /** Ends both sides; what the client has not got yet is lost to it. */
  function stop(cut: Cut, error?: unknown): void {
    if (isOver) return;
    isOver = true;
    forget();
    if (error !== undefined) observation?.threw(error);
    request?.destroy();
    // Cancelled: at once, not after a slow reader.
    if (error === undefined) socket.resetAndDestroy();
    else cutClient(socket, cut);
  }
  function dial(isRetry: boolean): void {
    // Such a request is sent without being told to.
    let isSent = incoming.headers.expect !== undefined;
    const current = upstream.request({ ...head, pooled: true });
    request = current;
    const send = () => {
      if (isOver || current.socket?.destroyed) return;
      isSent = true;
      sendBody(current);
    };
    // A connection that was used before may have been closed: what the kernel knows of that comes in this turn of the loop.
    current.on('socket', () => (current.reusedSocket ? setImmediate(send) : send()));
    current.on('error', (error) => {
      if (isOver) return;
      if (!isSent && current.reusedSocket && !isRetry) {
        upstream.closeIdle();
        dial(true);
      } else if (isAnswered) dropUpload();
      else if (!response.headersSent) fail(error, current);
    });
    current.on('response', relayAnswer);
    // Nobody asked for another protocol. Without this no end of such an exchange would ever be told.
    current.on('upgrade', (_answer, to) => {
      to.destroy();
      fail(
        Object.assign(new Error('unasked change of protocol'), {
          code: 'ERR_HTTP_UNASKED_UPGRADE',
        }),
        current,
      );
    });
    // Of a connection that ends in good order after its answer no error is told, and what the client still sends would wait for ever.
    current.on('close', dropUpload);
    passInterim(current, incoming, response);
  }
  function sendBody(to: ClientRequest): void {
    const finish = () => {
      if (isOver) return;
      isUploaded = true;
      if (incoming.rawTrailers.length > 0) to.addTrailers(headerPairs(incoming.rawTrailers));
      to.end();
      // Once all bytes have left: the server works on them meanwhile.
      observation?.requestEnded();
      if (isAnswered) forget();
    };
    if (framingOf(incoming) === 'none') return finish();
    incoming.on('end', finish);
    pumpBody(incoming, to, observation && ((chunk) => observation.requestChunk(chunk)));
  }
  function relayAnswer(answer: IncomingMessage): void {
    if (isOver) return;
    observation?.responded(answer);
    answer.on('error', (error) =>
      stop(isDelimited(answer, response) ? cutOf(answer.socket) : 'reset', error),
    );
    answer.on('end', () => {
      if (isOver) return;
      isAnswered = true;
      if (answer.rawTrailers.length > 0) response.addTrailers(headerPairs(answer.rawTrailers));
      response.end();
      observation?.ended();
      if (incoming.complete) forget();
    });
    try {
      answerHead(answer, incoming, response, instance);
    } catch (error) {
      return fail(error, request);
    }
    pumpBody(answer, response, observation && ((chunk) => observation.chunk(chunk)));
  }
  /** Nothing of an answer was sent yet. */
  function fail(error: unknown, of: ClientRequest | undefined): void {
    const { syscall, code = '' } = error as { syscall?: string; code?: string };
    const isUp =
      of?.socket?.connecting === false && syscall !== 'connect' && of.socket.bytesWritten > 0;
    // A server that cut the connection: the client sees it cut, as it would without a proxy.
    if (isUp && !code.startsWith('HPE_') && !code.startsWith('ERR_'))
      return stop(cutOf(of.socket), error);
    isOver = true;
    forget();
    observation?.threw(error);
    of?.destroy();
    if (response.headersSent) return cutClient(socket, 'reset');
    answerRefusal(response, unreachable(error, upstream), instance);
    dropBody(incoming);
  }
  /** The server has answered, and takes no more of what the client still sends. */
  function dropUpload(): void {
    if (isOver || !isAnswered || isUploaded) return;
    isOver = true;
    forget();
    if (response.writableFinished) socket.destroySoon();
    else response.once('finish', () => socket.destroySoon());
  }
  incoming.on('error', ignore);
  response.on('error', ignore);
  dial(false);
}

function headersFor(incoming: IncomingMessage, { upstream, instance }: Proxy): string[] {
  const { rawHeaders: raw, method = 'GET' } = incoming;
  return requestHeaders(raw, {
    host: upstream.host,
    instance,
    method,
    framed: framingOf(incoming),
  });
}

function framingOf({ headers }: IncomingMessage): 'chunked' | 'length' | 'none' {
  if (headers['transfer-encoding'] !== undefined) return 'chunked';
  return headers['content-length'] === undefined ? 'none' : 'length';
}

/**
 * Interim answers, for clients that know them. None is waited for, so one for which there is no room now is left out: a server must not
 * be able to fill the memory with what a client does not read.
 */
function passInterim(
  request: ClientRequest,
  incoming: IncomingMessage,
  response: ServerResponse,
): void {
  if (incoming.headers.expect !== undefined) {
    // Once is all that a client waits for.
    request.once('continue', () => {
      if (!response.headersSent) response.writeContinue();
    });
  }
  request.on('information', ({ statusCode, headers }) => {
    if (incoming.httpVersion === '1.0' || response.headersSent || !hasRoom(response)) return;
    if (statusCode === 102) response.writeProcessing();
    else if (statusCode === 103 && headers.link) passHints(response, headers);
  });
}

/** An answer that waits for the one before it has no socket yet. */
function hasRoom({ socket }: ServerResponse): boolean {
  return socket !== null && !socket.writableNeedDrain;
}

function passHints(response: ServerResponse, headers: IncomingHttpHeaders): void {
  try {
    response.writeEarlyHints(headers as Record<string, string | string[]>);
  } catch {
    // Node writes no links but those of one form, and throws at others. A hint may be left out; the answer follows.
  }
}

function answerHead(
  answer: IncomingMessage,
  incoming: IncomingMessage,
  response: ServerResponse,
  instance: string,
): void {
  const knowsChunks = incoming.httpVersion !== '1.0';
  // A date that the server did not say is not said for it.
  response.sendDate = false;
  if (knowsChunks && response.shouldKeepAlive && incoming.headers.expect === undefined) {
    // HTTP/1.1 keeps connections without saying so.
    response.removeHeader('connection');
  }
  const chunked = knowsChunks && isChunked(answer);
  const headers = responseHeaders(answer.rawHeaders, { instance, chunked });
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', headers);
}

function isChunked({ headers, rawHeaders }: IncomingMessage): boolean {
  const coding = headers['transfer-encoding'];
  if (coding === undefined || coding === 'chunked') return coding !== undefined;
  return headerTokens(rawHeaders, 'transfer-encoding').length > 0;
}

/** Would the client miss the rest of a cut answer? One that the end of the connection delimits looks whole. */
function isDelimited(answer: IncomingMessage, response: ServerResponse): boolean {
  return answer.headers['content-length'] !== undefined || response.chunkedEncoding;
}
