import type { CallObserver } from '../monitor/call-observer.ts';
import { findWireFormat } from '../wire/find-wire-format.ts';
import type { ResponseHead } from '../wire/wire-format.ts';
import { openCall, type OpenCall } from './open-call.ts';
import { tapResponse } from './tap-response.ts';

export type Fetch = typeof fetch;

/** The open call of a request, by the signal that was passed to fetch: lets an SDK's own stream object be linked to it. */
export const callsBySignal = new WeakMap<AbortSignal, OpenCall>();

/**
 * A fetch that passes everything on to `inner` unchanged, and notes the calls of models that go by. Never adds an error of its own.
 */
export function instrumentFetch(
  inner: Fetch,
  observer: () => CallObserver,
  options: { followsStreams: boolean },
): Fetch {
  return async (input, init) => {
    const call = quietly(() => beginCall(input, init, observer, options));
    if (!call) return inner(input, init);
    let response: Response;
    try {
      response = await inner(input, init);
    } catch (error) {
      call.threw(error);
      throw error;
    }
    const seen = quietly(() => {
      call.responded(headOf(response));
      return tapResponse(response, call, options);
    });
    return seen ?? response;
  };
}

function beginCall(
  input: Parameters<Fetch>[0],
  init: RequestInit | undefined,
  observer: () => CallObserver,
  options: { followsStreams: boolean },
): OpenCall | undefined {
  if (init?.method?.toUpperCase() !== 'POST') return undefined;
  const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
  const format = findWireFormat(url);
  if (!format) return undefined;
  const { body, signal } = init;
  // An abort of a stream that is followed is told by who follows it.
  const watched = options.followsStreams ? undefined : signal;
  const call = openCall(observer(), format, { url, body, signal: watched });
  if (signal) callsBySignal.set(signal, call);
  return call;
}

function headOf(response: Response): ResponseHead {
  const { status, statusText, ok } = response;
  return { status, statusText, ok, contentType: response.headers.get('content-type') ?? '' };
}

/** A fault of the monitor is never the app's. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
