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
  const entries = Array.isArray(headers) ? headers : Object.entries(headers);
  for (const [key, value] of entries as [string, unknown][]) {
    if (key.length === name.length && key.toLowerCase() === name && value != null) {
      return String(value);
    }
  }
  return undefined;
}

/** A copy of the headers with these added. What was given stays as it was. */
export function withHeaders(headers: HeadersLike, added: Record<string, string>): HeadersLike {
  if (!headers) return added;
  if (headers instanceof Headers) {
    const copy = new Headers(headers);
    for (const name in added) copy.set(name, added[name] ?? '');
    return copy;
  }
  if (Array.isArray(headers)) return [...headers, ...Object.entries(added)];
  return { ...headers, ...added } as Record<string, string>;
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
