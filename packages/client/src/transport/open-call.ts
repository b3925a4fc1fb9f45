import type { CancelReply } from '@llm-monitor/contracts/events';

import type { CallIdentity } from '../call/call-identity.ts';
import type { CallResult } from '../call/call-result.ts';
import { fingerprintOf } from '../call/retry-links.ts';
import type { CallStart, CallTracker } from '../call/call-tracker.ts';
import { unref } from '../call/unref.ts';
import type { CallObserver } from '../monitor/call-observer.ts';
import { createAnswerIntake } from './answer-intake.ts';
import { allowManyListeners } from './linked-abort.ts';
import { PendingBody } from './read-clone.ts';
import { sdkTimeout } from './sdk-timeout.ts';
import type { ResponseHead, WireFormat } from '../wire/wire-format.ts';

/**
 * One call on its way: notes what happens on the path of the app, with the time, and lets it be understood off that path, in order.
 * So an end that was seen first stays the end. No method throws.
 */
export interface OpenCall {
  readonly requestId: string;
  /** It was aborted from outside. */
  isCancelled(): boolean;
  /** `isBroken` tells whether the body has failed, which nobody may have read yet. */
  responded(head: ResponseHead, isBroken?: () => boolean): void;
  /** Somebody reads the answer. */
  opened(): void;
  /** A message of the answer, parsed by the SDK. */
  message(message: unknown): void;
  /** Bytes of the answer, of which a copy is kept. */
  chunk(bytes: Uint8Array): void;
  bodyEnded(): void;
  /** The request or its body failed with this. */
  threw(error: unknown): void;
  /** The app aborts the request now. */
  aborted(): void;
  /** The signal of the request aborts, where it is for others to listen to it. */
  signalAborted(): void;
  /** The body will not be read further, whoever reads it. */
  closed(): void;
  /** The consumer went away, or never came. */
  left(outcome: 'cancelled' | 'abandoned', by: string): void;
  /** From now on this aborts the call, where nothing else did before. */
  abortable(abort: () => void): void;
  /**
   * Runs `work` off the path of the app once the answer has been there for a moment; when the call has ended by then, only if its
   * exchange goes on, and at once.
   */
  onAged(work: () => void): void;
}

/** The request of a call. */
export interface CallRequest {
  url: string;
  body: unknown;
  /** With its reason the app may have ended the call itself. */
  signal?: AbortSignal | null | undefined;
  /** Its aborts end the call at once, and are told by nobody else. */
  listens?: boolean | undefined;
  begun?: CallStart | undefined;
  identity?: Partial<CallIdentity> | undefined;
  attempt?: number | undefined;
  timeoutMs?: number | undefined;
  /** The exchange is over. Not when the consumer left: then the server may still be at work. */
  onExchanged?: (() => void) | undefined;
}

const TOO_EARLY: CancelReply = {
  aborted: false,
  reason:
    'The app makes this call through a fetch of its own, which cannot be stopped before it answers.',
};

const neverBroken = () => false;

export function openCall(
  observer: CallObserver,
  format: WireFormat,
  request: CallRequest,
): OpenCall {
  const { url, listens, attempt, timeoutMs } = request;
  const begun = request.begun ?? { wallMs: Date.now(), atMs: performance.now() };
  // Not kept for longer than the call runs, which is shorter than it is remembered.
  let { body, signal, onExchanged } = request;
  let tracker: CallTracker | undefined;
  let isCancelled = false;
  let abort: (() => void) | undefined;
  let isOver = false;
  const requestId = observer.begin({
    begun,
    identity: request.identity,
    attempt,
    fingerprint() {
      if (body instanceof PendingBody) body = body.bytes;
      return fingerprintOf(url, body);
    },
    describe() {
      const described = format.describe(url, body);
      // A prompt can be large, and the call long.
      body = undefined;
      if (described && timeoutMs) described.timeoutMs ??= timeoutMs;
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
  let isBroken = neverBroken;
  let isOpened = false;
  let unread: NodeJS.Timeout | undefined;
  let isAged = false;
  let aging: (() => void)[] = [];

  const read = () => answer.tellTo(tracker?.isRunning() ? tracker : undefined);
  const answer = createAnswerIntake(format, observer.keptChars, () => observer.defer(read));
  const age = () => {
    if (isOver) return;
    // Its answer may say by now that it has ended.
    read();
    if (tracker && !tracker.isRunning()) return release();
    isAged = true;
    for (const work of aging) work();
    aging = [];
    if (isOpened) return;
    unread = unref(setTimeout(left, observer.abandonAfterMs, 'abandoned', 'app'));
  };
  const release = () => {
    isOver = true;
    // They may hold the answer, and somebody who still holds this call would hold both.
    abort = undefined;
    isBroken = neverBroken;
    // Who drops the answer has still to be noticed, or what the exchange has of the app's own would never be let go.
    if (onExchanged) for (const work of aging) work();
    aging = [];
    if (unread) clearTimeout(unread);
    if (listens) signal?.removeEventListener('abort', onAbort);
    signal = undefined;
  };
  const later = (work: (tracker: CallTracker, atMs: number) => void) => {
    release();
    const atMs = performance.now();
    observer.defer(() => {
      read();
      if (tracker) work(tracker, atMs);
    });
  };
  /** Who leaves an answer that was complete cancels nothing. */
  const stop = (tracked: CallTracker, result: CallResult) => {
    const isLeft = result.outcome === 'cancelled' || result.outcome === 'abandoned';
    const settled = isLeft ? answer.reader(tracked)?.settled?.() : undefined;
    tracked.end(settled ? { ...settled, atMs: result.atMs } : result);
  };
  const end = (thrown: unknown) => {
    const isAbort = signal?.aborted === true && thrown === signal.reason;
    later((tracked, atMs) => {
      const result = format.resultOfThrown(thrown, atMs);
      // An app may abort with any reason.
      const isCancel = result.outcome === 'cancelled' || (isAbort && result.outcome === 'error');
      if (!isCancel) return stop(tracked, result);
      const timedOut = answer.hasHead()
        ? undefined
        : sdkTimeout(timeoutMs, atMs - begun.atMs, atMs);
      stop(tracked, timedOut ?? { outcome: 'cancelled', cancelledBy: 'app', atMs });
    });
  };
  const left = (outcome: 'cancelled' | 'abandoned', by: string) =>
    later((tracked, atMs) => stop(tracked, { outcome, cancelledBy: by, atMs }));
  const onAbort = () => end(isBroken() ? new TypeError('terminated') : signal?.reason);
  const exchanged = () => {
    onExchanged?.();
    onExchanged = undefined;
  };
  if (listens && signal) {
    allowManyListeners(signal);
    signal.addEventListener('abort', onAbort, { once: true });
  }

  return {
    requestId,
    isCancelled: () => isCancelled,
    responded(of, broken = isBroken) {
      answer.responded(of);
      isBroken = broken;
      observer.defer(age);
    },
    opened() {
      isOpened = true;
      if (unread) clearTimeout(unread);
    },
    message(message) {
      if (!answer.message(message)) return;
      // Not told: what the app does with its signal still reaches the exchange.
      onExchanged = undefined;
      release();
    },
    chunk: answer.chunk,
    bodyEnded() {
      exchanged();
      later((tracked, atMs) => answer.reader(tracked)?.end(atMs));
    },
    threw(error) {
      exchanged();
      end(error);
    },
    // What broke before stays broken.
    aborted: () => (isBroken() ? end(new TypeError('terminated')) : left('cancelled', 'app')),
    signalAborted: onAbort,
    closed: exchanged,
    left,
    abortable(by) {
      if (!isOver) abort ??= by;
    },
    onAged(work) {
      if (isAged || (isOver && onExchanged)) work();
      else if (!isOver) aging.push(work);
    },
  };
}
