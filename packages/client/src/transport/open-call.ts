import type { CancelReply } from '@llm-monitor/contracts/events';

import type { CallIdentity } from '../call/call-identity.ts';
import type { CallResult } from '../call/call-result.ts';
import { fingerprintOf } from '../call/retry-links.ts';
import type { CallStart, CallTracker } from '../call/call-tracker.ts';
import type { CallObserver } from '../monitor/call-observer.ts';
import { allowManyListeners } from './linked-abort.ts';
import { PendingBody } from './read-clone.ts';
import { sdkTimeout } from './sdk-timeout.ts';
import {
  trackPiece,
  type BodyReader,
  type Piece,
  type ResponseHead,
  type WireFormat,
} from '../wire/wire-format.ts';

/**
 * One call on its way: notes what happens on the path of the app, with the time, and lets it be understood off that path, in order.
 * So an end that was seen first stays the end. No method throws.
 */
export interface OpenCall {
  readonly requestId: string;
  /** It was aborted from outside. */
  readonly isCancelled: boolean;
  /** `isBroken` tells whether the body has failed, which nobody may have read yet. */
  responded(head: ResponseHead, isBroken?: () => boolean): void;
  /** Somebody reads the answer. */
  opened(): void;
  /** A message of the answer, parsed by the SDK. */
  message(message: unknown): void;
  /** Bytes of the answer, which nobody else will change. */
  chunk(bytes: Uint8Array): void;
  bodyEnded(): void;
  /** The request or its body failed with this. */
  threw(error: unknown): void;
  /** The app aborts the request now. */
  aborted(): void;
  /** The body will not be read further, whoever reads it. */
  closed(): void;
  /** The consumer went away, or never came. */
  left(outcome: 'cancelled' | 'abandoned', by: string): void;
  /** From now on this aborts the call, where nothing else did before. */
  abortable(abort: () => void): void;
}

/** The request of a call. */
export interface CallRequest {
  url: string;
  body: unknown;
  /** Aborts of it end the call at once. */
  signal?: AbortSignal | null | undefined;
  /** With its reason the app may have ended the call itself, also where its aborts are told by somebody else. */
  abortedBy?: AbortSignal | null | undefined;
  begun?: CallStart | undefined;
  identity?: Partial<CallIdentity> | undefined;
  attempt?: number | undefined;
  timeoutMs?: number | undefined;
  /** The exchange is over. Not when the consumer left: then the server may still be at work. */
  onExchanged?(): void;
}

type Arrival = Piece | { bytes: Uint8Array; atMs: number };

const TOO_EARLY: CancelReply = {
  aborted: false,
  reason:
    'The app makes this call through a fetch of its own, which cannot be stopped before it answers.',
};

export function openCall(
  observer: CallObserver,
  format: WireFormat,
  request: CallRequest,
): OpenCall {
  const { url, signal, abortedBy = signal, begun, identity, attempt } = request;
  const beganMs = begun?.atMs ?? performance.now();
  let { body } = request;
  let tracker: CallTracker | undefined;
  let isCancelled = false;
  let abort: (() => void) | undefined;
  let isOver = false;
  const requestId = observer.begin({
    ...{ begun, identity, attempt },
    fingerprint() {
      if (body instanceof PendingBody) body = body.bytes;
      return fingerprintOf(url, body);
    },
    describe() {
      const described = format.describe(url, body);
      // A prompt can be large, and the call long.
      body = undefined;
      if (described && request.timeoutMs) described.timeoutMs ??= request.timeoutMs;
      return described;
    },
    onTracked: (opened) => (tracker = opened),
    cancel(by) {
      if (isOver) return { aborted: false, reason: 'The call has ended just now.' };
      const abortNow = abort;
      if (!abortNow) return TOO_EARLY;
      isCancelled = true;
      left('cancelled', by);
      abortNow();
      return { aborted: true };
    },
  });
  let head: ResponseHead | undefined;
  let isBroken = () => false;
  let reader: BodyReader | undefined;
  let arrived: Arrival[] = [];
  let unread: NodeJS.Timeout | undefined;

  const read = () => {
    const arrivals = arrived;
    arrived = [];
    if (!tracker?.running) return;
    if (head) reader ??= format.reader(head, tracker);
    for (const one of arrivals) {
      if ('bytes' in one) reader?.chunk(one.bytes, one.atMs);
      else trackPiece(one, tracker);
    }
    tracker.progress(performance.now());
  };
  const arrive = (arrival: Arrival) => {
    if (arrived.push(arrival) === 1) observer.defer(read);
  };
  const later = (work: (tracker: CallTracker, atMs: number) => void) => {
    isOver = true;
    // It may hold the answer, and somebody who still holds this call would hold both.
    abort = undefined;
    clearTimeout(unread);
    signal?.removeEventListener('abort', onAbort);
    const atMs = performance.now();
    observer.defer(() => {
      read();
      if (tracker) work(tracker, atMs);
    });
  };
  /** Who leaves an answer that was complete cancels nothing. */
  const stop = (tracked: CallTracker, result: CallResult) => {
    const isLeft = result.outcome === 'cancelled' || result.outcome === 'abandoned';
    const settled = isLeft ? reader?.settled?.() : undefined;
    tracked.end(settled ? { ...settled, atMs: result.atMs } : result);
  };
  const end = (thrown: unknown) => {
    const isAbort = abortedBy?.aborted === true && thrown === abortedBy.reason;
    later((tracked, atMs) => {
      const result = format.resultOfThrown(thrown, atMs);
      // An app may abort with any reason.
      const isCancel = result.outcome === 'cancelled' || (isAbort && result.outcome === 'error');
      if (!isCancel) return stop(tracked, result);
      const timedOut = head ? undefined : sdkTimeout(request.timeoutMs, atMs - beganMs, atMs);
      stop(tracked, timedOut ?? { outcome: 'cancelled', cancelledBy: 'app', atMs });
    });
  };
  const left = (outcome: 'cancelled' | 'abandoned', by: string) =>
    later((tracked, atMs) => stop(tracked, { outcome, cancelledBy: by, atMs }));
  const onAbort = () => end(isBroken() ? new TypeError('terminated') : signal?.reason);
  if (signal) {
    allowManyListeners(signal);
    signal.addEventListener('abort', onAbort, { once: true });
  }

  return {
    requestId,
    get isCancelled() {
      return isCancelled;
    },
    responded(of, broken = isBroken) {
      head = of;
      isBroken = broken;
      unread = setTimeout(left, observer.abandonAfterMs, 'abandoned', 'app');
      unread.unref();
    },
    opened: () => clearTimeout(unread),
    message(message) {
      try {
        const piece = format.piece?.(message, performance.now());
        if (piece) arrive(piece);
      } catch {
        // A message that cannot be understood is not counted.
      }
    },
    chunk: (bytes) => arrive({ bytes, atMs: performance.now() }),
    bodyEnded() {
      request.onExchanged?.();
      later((_, atMs) => reader?.end(atMs));
    },
    threw(error) {
      request.onExchanged?.();
      end(error);
    },
    // What broke before stays broken.
    aborted: () => (isBroken() ? end(new TypeError('terminated')) : left('cancelled', 'app')),
    closed: () => request.onExchanged?.(),
    left,
    abortable(by) {
      if (!isOver) abort ??= by;
    },
  };
}
