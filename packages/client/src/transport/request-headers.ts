import type { CallIdentity } from '../call/call-identity.ts';
import { activeTraceparent } from '../context/active-span.ts';
import { currentScope } from '../context/call-scope.ts';

/** Whatever fetch takes as headers. */
export type HeadersLike = RequestInit['headers'];

/** Headers between the client and an agent: one call, one request. */
export const ID_HEADER = 'x-llm-monitor-request-id';
export const APP_HEADER = 'x-llm-monitor-app';

/** The value of a header, in whichever form headers were given. */
export function headerOf(headers: HeadersLike, name: string): string | undefined {
  if (!headers) return undefined;
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const is = (key: string) => key.length === name.length && key.toLowerCase() === name;
  if (!isIterable(headers)) {
    const fields = headers as Record<string, unknown>;
    for (const key of Object.keys(fields)) {
      if (is(key) && fields[key] != null) return String(fields[key]);
    }
    return undefined;
  }
  for (const [key, value] of isReadOnce(headers) ? [] : headers) {
    if (is(key) && value != null) return String(value);
  }
  return undefined;
}

/** What can be gone through once only is the runtime's to go through. */
function isReadOnce(headers: Iterable<unknown>): boolean {
  return Object.is(headers[Symbol.iterator](), headers);
}

/** A list of pairs, a Map, or the Headers of another implementation. */
function isIterable(headers: object): headers is Iterable<[string, string]> {
  return typeof (headers as { [Symbol.iterator]?: unknown })[Symbol.iterator] === 'function';
}

/** A copy of the headers with these added. What was given stays as it was. */
export function withHeaders(headers: HeadersLike, added: Record<string, string>): HeadersLike {
  if (!headers) return added;
  if (headers instanceof Headers) {
    const copy = new Headers(headers);
    for (const name in added) copy.set(name, added[name] ?? '');
    return copy;
  }
  if (isIterable(headers)) return [...headers, ...Object.entries(added)];
  return Object.assign({}, headers as Record<string, string>, added);
}

/** What a call belongs to, from the scope that it is made in and from its headers. */
export function identityOf(headers: HeadersLike): Partial<CallIdentity> {
  const scope = currentScope();
  const traceparent = headerOf(headers, 'traceparent') ?? scope?.traceparent ?? activeTraceparent();
  return traceparent ? { ...scope, traceparent: traceparent.slice(0, 128) } : { ...scope };
}

/** Which attempt this is, and its time-out: the SDKs of OpenAI and Anthropic say both. */
export function attemptOf(headers: HeadersLike): { attempt?: number; timeoutMs?: number } {
  const attempt = Number(headerOf(headers, 'x-stainless-retry-count') ?? NaN);
  const timeoutSeconds = Number(headerOf(headers, 'x-stainless-timeout') ?? NaN);
  return {
    ...(Number.isInteger(attempt) ? { attempt } : {}),
    ...(timeoutSeconds > 0 ? { timeoutMs: timeoutSeconds * 1000 } : {}),
  };
}
