import type { CallIdentity } from '../call/call-identity.ts';
import { activeTraceparent } from '../context/active-span.ts';
import { currentScope } from '../context/call-scope.ts';
import { remembered } from '../wire/remembered.ts';

/** Whatever fetch takes as headers. */
export type HeadersLike = RequestInit['headers'];

/** Headers between the client and an agent: one call, one request. */
const ID_HEADER = 'x-llm-monitor-request-id';
const APP_HEADER = 'x-llm-monitor-app';

/** What a request's headers tell of its call. */
export interface NotedHeaders {
  /** Who follows it already has given it this id. */
  requestId?: string;
  traceparent?: string;
  /** As the SDKs of OpenAI and Anthropic write it. */
  attempt?: string;
  /** And this, in seconds. */
  timeout?: string;
}

const NOTED = new Map<string, keyof NotedHeaders>([
  [ID_HEADER, 'requestId'],
  ['traceparent', 'traceparent'],
  ['x-stainless-retry-count', 'attempt'],
  ['x-stainless-timeout', 'timeout'],
]);
const NAMES = [...NOTED.keys()];
/** By their length most headers are told to be others. */
const LENGTHS: readonly boolean[] = Array.from(
  { length: 1 + Math.max(...NAMES.map(({ length }) => length)) },
  (_, length) => NAMES.some((name) => name.length === length),
);

/** What headers tell, in whichever form they were given. */
export function noteHeaders(headers: HeadersLike): NotedHeaders {
  const noted: NotedHeaders = {};
  if (!headers) return noted;
  if (headers instanceof Headers) {
    for (const name of NAMES) note(noted, name, headers.get(name));
  } else if (!isIterable(headers)) {
    const fields = headers as Record<string, unknown>;
    for (const key of Object.keys(fields)) note(noted, key, fields[key]);
  } else {
    for (const [key, value] of isReadOnce(headers) ? [] : headers) note(noted, key, value);
  }
  return noted;
}

function note(noted: NotedHeaders, key: string, value: unknown): void {
  if (LENGTHS[key.length] !== true || value == null) return;
  const field = NOTED.get(key.toLowerCase());
  if (field) noted[field] ??= String(value);
}

/** What can be gone through once only is the runtime's to go through. */
function isReadOnce(headers: Iterable<unknown>): boolean {
  return Object.is(headers[Symbol.iterator](), headers);
}

/** A list of pairs, a Map, or the Headers of another implementation. */
function isIterable(headers: object): headers is Iterable<[string, string]> {
  return typeof (headers as { [Symbol.iterator]?: unknown })[Symbol.iterator] === 'function';
}

/** A copy of the headers by which an agent knows the call. What was given stays as it was. */
export function withCall(headers: HeadersLike, requestId: string, app: string): HeadersLike {
  const added: Record<string, string> = { [ID_HEADER]: requestId, [APP_HEADER]: encoded(app) };
  if (!headers) return added;
  if (headers instanceof Headers) {
    const copy = new Headers(headers);
    for (const name in added) copy.set(name, added[name] ?? '');
    return copy;
  }
  if (isIterable(headers)) return [...headers, ...Object.entries(added)];
  // A copy that then grows, by a spread or not, would take 2.6 µs: V8 learns its shape anew each time.
  return Object.assign({}, headers as Record<string, string>, added);
}

const encoded = remembered(encodeURIComponent);

/** What a call belongs to, from the scope that it is made in and from its headers. */
export function identityOf(noted: NotedHeaders): Partial<CallIdentity> | undefined {
  const scope = currentScope();
  const traceparent = noted.traceparent ?? scope?.traceparent ?? activeTraceparent();
  return traceparent ? { ...scope, traceparent: traceparent.slice(0, 128) } : scope;
}

/** Which attempt this is; undefined where its SDK does not say. */
export function attemptOf({ attempt }: NotedHeaders): number | undefined {
  const number = Number(attempt ?? NaN);
  return Number.isInteger(number) ? number : undefined;
}

/** The time-out of the SDK, ms, without its fraction of a second: 0 is less than one. Undefined where that does not say. */
export function timeoutOf({ timeout }: NotedHeaders): number | undefined {
  const seconds = Number(timeout || NaN);
  return seconds >= 0 ? seconds * 1000 : undefined;
}
