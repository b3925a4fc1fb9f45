import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Upstream } from './upstream.ts';
import { AGENT_HEADER, headerTokens, headerValues } from './hop-headers.ts';
import { shownAddress } from '../core/ollama-address.ts';

/** Why a request is not passed on. The text says what to do. */
export interface Refusal {
  status: number;
  error: string;
}

/** What decides whether a request is passed on. */
export interface Admission {
  instance: string;
  upstream: Upstream;
  isAllowedHost(header: string | undefined): boolean;
}

/** A refusal of what must not be passed on, if it is one. */
export function refusalOf(incoming: IncomingMessage, admission: Admission): Refusal | undefined {
  const { headers, rawHeaders, url = '' } = incoming;
  if (hasPassed(incoming, admission.instance)) {
    return {
      status: 508,
      error:
        'LLM Monitor proxy: this request came back to the proxy that passed it on. Set OLLAMA_URL of the agent to the address of Ollama itself.',
    };
  }
  if (headerValues(rawHeaders, 'host').length > 1) {
    return { status: 400, error: 'LLM Monitor proxy: the request names two hosts. Send one.' };
  }
  if (!admission.isAllowedHost(headers.host)) {
    return {
      status: 403,
      error: `LLM Monitor proxy: the host "${(headers.host ?? '').slice(0, 100)}" is not allowed here. Use 127.0.0.1 or localhost as address.`,
    };
  }
  if (!/^[/*]/.test(url) && !isOwnTarget(url, incoming, admission.upstream)) {
    return {
      status: 421,
      error: `LLM Monitor proxy: it passes calls on to ${shownAddress(admission.upstream.url.href)} only and is no proxy for other addresses. Use it as base URL, not as HTTP_PROXY.`,
    };
  }
  if (headers['transfer-encoding'] !== undefined && !isPlainlyChunked(incoming)) {
    return { status: 501, error: 'LLM Monitor proxy: this transfer encoding is not supported.' };
  }
  return undefined;
}

/** Has this agent passed the request on before? */
function hasPassed({ headers, rawHeaders }: IncomingMessage, instance: string): boolean {
  if (headers[AGENT_HEADER] === undefined) return false;
  return headerTokens(rawHeaders, AGENT_HEADER).includes(instance.toLowerCase());
}

function isPlainlyChunked({ rawHeaders, httpVersion }: IncomingMessage): boolean {
  const coding = headerTokens(rawHeaders, 'transfer-encoding').join();
  return coding === '' || (coding === 'chunked' && httpVersion !== '1.0');
}

/** The target of a request as it is sent on: of an absolute one its path. */
export function originTarget(url: string): string {
  if (/^[/*]/.test(url)) return url;
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/i.exec(url)?.[1] ?? '';
  return path.startsWith('/') ? path : `/${path}`;
}

/** Does an absolute target name the upstream, or this port? */
function isOwnTarget(target: string, incoming: IncomingMessage, upstream: Upstream): boolean {
  if (!/^http:\/\//i.test(target) || !URL.canParse(target)) return false;
  const url = new URL(target);
  return url.host === upstream.host || url.port === String(incoming.socket.localPort);
}

/** What to tell a client when its call cannot be passed on because of `error`. */
export function unreachable(error: unknown, upstream: Upstream): Refusal {
  const { code = 'unknown error' } = error as { code?: string };
  const address = shownAddress(upstream.url.href);
  return {
    status: 502,
    // Not all of Node's own errors: ERR_TLS_ and others mean that there was no connection.
    error: /^(HPE|ERR_HTTP)_/.test(code)
      ? `LLM Monitor proxy: ${address} sent an answer that is not valid HTTP (${code}).`
      : `LLM Monitor proxy: could not connect to ${address} (${code}). Is the server running there? Start it (for Ollama: "ollama serve"), or set the upstream of the agent (OLLAMA_URL or PROXIES).`,
  };
}

/** Answers in the way of Ollama's own errors. */
export function answerRefusal(response: ServerResponse, refusal: Refusal, instance: string): void {
  const body = JSON.stringify({ error: refusal.error });
  response.writeHead(refusal.status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    [AGENT_HEADER]: instance,
  });
  response.end(body);
}
