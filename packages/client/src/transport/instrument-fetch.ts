import { isErrored } from 'node:stream';

import type { CallObserver } from '../monitor/call-observer.ts';
import { findWireFormat } from '../wire/find-wire-format.ts';
import type { ResponseHead, WireFormat } from '../wire/wire-format.ts';
import { copyInit } from './copy-init.ts';
import { FollowedCall } from './followed-call.ts';
import { readClone, type PendingBody } from './read-clone.ts';
import { held } from './held.ts';
import { linkAbort, type LinkedAbort } from './linked-abort.ts';
import type { OpenCall } from './open-call.ts';
import { isPrivateHost } from './private-host.ts';
import {
  attemptOf,
  identityOf,
  noteHeaders,
  timeoutOf,
  withCall,
  type HeadersLike,
  type NotedHeaders,
} from './request-headers.ts';
import { finalRefusal } from './final-refusal.ts';
import { tapResponse } from './tap-response.ts';
import { isTracked, track, trackedWhile, untrack } from './tracked-requests.ts';

export type Fetch = typeof fetch;

/** How a fetch is watched. */
export interface InstrumentOptions {
  /** Who wraps the SDK tells of a stream's messages and aborts itself. */
  followsStreams: boolean;
  /** `inner` is the app's own: it gets exactly what the app passed. */
  isCustom: boolean;
  /** Tell an agent on a private network which call this is. */
  propagate: boolean;
  /** Which URLs may be looked at at all; by default all. */
  accepts?: (url: string) => boolean;
}

const CALL = Symbol('call');

/** What began while a wrapper of an SDK made its call: the first call that it promised to follow, and the signal of it. */
export interface Begun {
  call?: OpenCall;
  signal?: AbortSignal;
}

/** Most programs never need it, and in Node 20 looking for what a signal does not have takes almost 1 µs. */
let isAnyHandedBySignal = false;

/** Who waits for the call that begins now. */
let awaited: Begun | undefined;

/** Runs `run`, and tells of the call that began meanwhile: at once, not in what it awaits. */
export function begunBy<T>(run: () => T): { result: T; begun: Begun } {
  const outer = awaited;
  const begun: Begun = {};
  awaited = begun;
  try {
    return { result: run(), begun };
  } finally {
    awaited = outer;
  }
}

/**
 * The open call of the request that the SDK made with this signal: the last one, where the app puts a fetch in front that tries again.
 * What `begun` tells of may be another's, which such a fetch made first.
 */
export function callOfSignal(signal: AbortSignal, begun: Begun): OpenCall | undefined {
  const last = isAnyHandedBySignal ? (signal as { [CALL]?: OpenCall })[CALL] : undefined;
  return last ?? (begun.signal === signal ? begun.call : undefined);
}

interface BegunCall {
  call: OpenCall;
  /** The SDK makes another attempt of whatever it did not abort itself. */
  repeats: boolean;
  /** What to pass on. */
  init: RequestInit | undefined;
  /** The signal of that, where it is ours. */
  own: AbortSignal | undefined;
  /** The copy of a Request's body. */
  pending: PendingBody | undefined;
}

/**
 * A fetch that passes everything on to `inner`, and notes the calls of models that go by. Never adds an error of its own.
 * A custom `inner` gets the same arguments; the runtime's own gets a signal by which the call alone can be aborted.
 */
export function instrumentFetch(
  inner: Fetch,
  observer: () => CallObserver,
  options: InstrumentOptions,
): Fetch {
  return async (input, init) => {
    const begun = quietly(() => {
      const asked = modelRequest(input, init, options);
      return asked && beginCall(asked, init, observer(), options);
    });
    if (!begun) return inner(input, init);
    const { call } = begun;
    let response: Response;
    try {
      const ask = () => inner(input, begun.init);
      const asked = begun.own ? ask() : trackedWhile(init, ask);
      response = await asked;
    } catch (error) {
      call.threw(error);
      if (begun.repeats && call.isCancelled()) return finalRefusal();
      throw error;
    } finally {
      if (begun.own) untrack(begun.own);
      begun.pending?.stop();
    }
    const seen = quietly(() => {
      const { followsStreams, isCustom } = options;
      const head = headOf(response, followsStreams);
      call.responded(head, brokenness(response.body, call));
      return tapResponse(response, call, { followsStreams, isCustom, head });
    });
    // What cannot be looked at would run for ever.
    if (!seen) call.left('abandoned', 'app');
    return seen ?? response;
  };
}

interface ModelRequest {
  url: string;
  format: WireFormat;
  noted: NotedHeaders;
  request: Request | undefined;
  headers: HeadersLike;
}

/** What may be a call of a model that nobody follows yet. */
function modelRequest(
  input: Parameters<Fetch>[0],
  init: RequestInit | undefined,
  { accepts }: InstrumentOptions,
): ModelRequest | undefined {
  const request = typeof input !== 'string' && input instanceof Request ? input : undefined;
  const method = init?.method ?? request?.method;
  if (method !== 'POST' && method?.toUpperCase() !== 'POST') return undefined;
  const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
  const format = findWireFormat(url);
  if (!format || (accepts && !accepts(url)) || isTracked(init)) return undefined;
  const headers = init?.headers ?? request?.headers;
  const noted = noteHeaders(headers);
  return noted.requestId === undefined ? { url, format, noted, request, headers } : undefined;
}

function beginCall(
  { url, format, noted, request, headers }: ModelRequest,
  init: RequestInit | undefined,
  observer: CallObserver,
  options: InstrumentOptions,
): BegunCall | undefined {
  // With null the app takes a request's own away.
  const signal = init?.signal === undefined ? request?.signal : init.signal;
  if (signal && typeof signal.addEventListener !== 'function') return undefined;
  const pending = request && init?.body == null ? readClone(request) : undefined;
  const attempt = attemptOf(noted);
  const exchange = signal ? new Exchange() : undefined;
  const call = new FollowedCall(observer, format, {
    url,
    body: pending ?? init?.body,
    signal,
    // Of a stream that is followed, who follows it tells; else who links the signal does.
    listens: options.isCustom && !options.followsStreams,
    identity: identityOf(noted),
    attempt,
    timeoutMs: timeoutOf(noted),
    exchange,
  });
  if (signal && options.followsStreams) hand(call, signal);
  const repeats = attempt !== undefined;
  if (options.isCustom) return { call, repeats, init, own: undefined, pending };
  // The call must hear of an abort before the body breaks of it.
  const onAbort = options.followsStreams ? undefined : () => call.signalAborted();
  const link = linkAbort(signal, { isOwn: options.followsStreams, onAbort });
  if (exchange) exchange.link = link;
  call.abortable(link);
  const passed = copyInit(init);
  passed.signal = link.signal;
  if (options.propagate && isPrivateHost(url)) {
    passed.headers = withCall(headers, call.requestId, observer.app) as NonNullable<
      RequestInit['headers']
    >;
  }
  track(link.signal);
  return { call, repeats, init: passed, own: link.signal, pending };
}

/** What a call has to do with the app's signal until its exchange is over: nothing, where that went to a fetch of the app's. */
class Exchange {
  link: LinkedAbort | undefined = undefined;

  unlink(): void {
    this.link?.unlink();
  }
}

/** To who waits for it; else by the signal, which is the SDK's: that costs more, and a map of them all costs the collector more than the call. */
function hand(call: OpenCall, signal: AbortSignal): void {
  if (awaited && !awaited.call) {
    awaited.call = call;
    awaited.signal = signal;
    return;
  }
  isAnyHandedBySignal = true;
  (signal as { [CALL]?: OpenCall })[CALL] = call;
}

/** Asks a body whether it has failed, without holding it. */
function brokenness(body: Response['body'], call: OpenCall): (() => boolean) | undefined {
  if (!body) return undefined;
  const bodyOf = held(body, call);
  return () => isErrored((bodyOf.get() ?? null) as never);
}

function headOf(response: Response, isWhole: boolean): ResponseHead {
  const { status, statusText, ok } = response;
  const contentType = response.headers.get('content-type') ?? '';
  return { status, statusText, ok, contentType, isWhole };
}

/** A fault of the monitor is never the app's. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
