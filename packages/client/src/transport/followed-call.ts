import type { CancelReply } from '@llm-monitor/contracts/events';

import type { CallIdentity } from '../call/call-identity.ts';
import type { CallResult } from '../call/call-result.ts';
import { fingerprintOf } from '../call/retry-links.ts';
import type { CallStart, CallTracker } from '../call/call-tracker.ts';
import { unref } from '../call/unref.ts';
import type { CallObserver, CallStarting } from '../monitor/call-observer.ts';
import type { CallDescription } from '../call/call-description.ts';
import { AnswerIntake } from './answer-intake.ts';
import { allowManyListeners } from './linked-abort.ts';
import type { Abortable, Aging, OpenCall } from './open-call.ts';
import { PendingBody } from './read-clone.ts';
import { sdkTimeout } from './sdk-timeout.ts';
import type { ResponseHead, WireFormat } from '../wire/wire-format.ts';

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
  /** Told that the exchange is over. Not when the consumer left: then the server may still be at work. */
  exchange?: { unlink(): void } | undefined;
}

const TOO_EARLY: CancelReply = {
  aborted: false,
  reason:
    'The app makes this call through a fetch of its own, which cannot be stopped before it answers.',
};

const neverBroken = () => false;

/**
 * One object with methods rather than functions of a scope: making those some twenty took longer than all that they do on the path.
 * What it names is what all that knows the call holds, so each is let go once it is of no use any more.
 */
export class FollowedCall implements OpenCall, CallStarting {
  readonly requestId: string;
  readonly begun: CallStart;
  readonly identity: Partial<CallIdentity> | undefined;
  readonly attempt: number | undefined;
  private readonly observer: CallObserver;
  private readonly format: WireFormat;
  private readonly url: string;
  private readonly timeoutMs: number | undefined;
  // All that is kept of an answer, and who tells of it, until the end is told: in Node 20 each stream and each signal lives until the next full
  // collection, and so does what they name. A body names this.
  private answer: AnswerIntake | undefined;
  private tracker: CallTracker | undefined = undefined;
  // Not kept for longer than the call runs, which is shorter than it is remembered.
  private body: unknown;
  private signal: AbortSignal | null | undefined;
  private exchange: { unlink(): void } | undefined;
  private onAbort: (() => void) | undefined = undefined;
  private abortNow: Abortable | undefined = undefined;
  private isBroken: () => boolean = neverBroken;
  private unread: NodeJS.Timeout | undefined = undefined;
  private aging: Aging[] = [];
  private wasCancelled = false;
  private isOver = false;
  private isOpened = false;
  private isAged = false;

  constructor(observer: CallObserver, format: WireFormat, request: CallRequest) {
    this.observer = observer;
    this.format = format;
    this.begun = request.begun ?? { wallMs: Date.now(), atMs: performance.now() };
    this.identity = request.identity;
    this.attempt = request.attempt;
    this.url = request.url;
    this.timeoutMs = request.timeoutMs;
    this.body = request.body;
    this.signal = request.signal;
    this.exchange = request.exchange;
    this.answer = new AnswerIntake(format, observer.keptChars, () =>
      observer.defer(() => this.read()),
    );
    this.requestId = observer.begin(this);
    if (request.listens) this.listen();
  }

  private listen(): void {
    const { signal } = this;
    if (!signal) return;
    this.onAbort = () => this.signalAborted();
    allowManyListeners(signal);
    signal.addEventListener('abort', this.onAbort, { once: true });
  }

  fingerprint(): number | undefined {
    if (this.body instanceof PendingBody) this.body = this.body.bytes;
    return fingerprintOf(this.url, this.body);
  }

  describe(): CallDescription | undefined {
    const described = this.format.describe(this.url, this.body);
    // A prompt can be large, and the call long.
    this.body = undefined;
    if (described && this.timeoutMs) described.timeoutMs ??= this.timeoutMs;
    return described;
  }

  onTracked(tracker: CallTracker): void {
    this.tracker = tracker;
  }

  cancel(by: string): CancelReply {
    if (this.isOver) return { aborted: false, reason: 'The call has ended just now.' };
    const { abortNow } = this;
    if (!abortNow) return TOO_EARLY;
    this.wasCancelled = true;
    this.left('cancelled', by);
    abortNow.abort();
    return { aborted: true };
  }

  isCancelled(): boolean {
    return this.wasCancelled;
  }

  responded(head: ResponseHead, isBroken?: () => boolean): void {
    this.answer?.responded(head);
    if (isBroken) this.isBroken = isBroken;
    this.observer.defer(() => this.age());
  }

  opened(): void {
    this.isOpened = true;
    if (this.unread) clearTimeout(this.unread);
  }

  rested(): void {
    if (this.isOver) return;
    this.isOpened = false;
    if (this.isAged) this.awaitReader();
  }

  message(message: unknown): void {
    if (!this.answer?.message(message)) return;
    // Not told: what the app does with its signal still reaches the exchange.
    this.exchange = undefined;
    this.release();
  }

  chunk(bytes: Uint8Array): void {
    this.answer?.chunk(bytes);
  }

  bodyEnded(): void {
    this.closed();
    this.later((tracked, atMs) => this.answer?.reader(tracked)?.end(atMs));
  }

  bodyUnread(): void {
    this.closed();
    this.later((tracked, atMs) => tracked.end({ outcome: 'completed', atMs }));
  }

  threw(error: unknown): void {
    this.closed();
    this.end(error);
  }

  aborted(): void {
    // What broke before stays broken.
    if (this.isBroken()) this.end(new TypeError('terminated'));
    else this.left('cancelled', 'app');
  }

  signalAborted(): void {
    this.end(this.isBroken() ? new TypeError('terminated') : this.signal?.reason);
  }

  closed(): void {
    this.exchange?.unlink();
    this.exchange = undefined;
  }

  left(outcome: 'cancelled' | 'abandoned', by: string): void {
    this.later((tracked, atMs) => this.stop(tracked, { outcome, cancelledBy: by, atMs }));
  }

  abortable(by: Abortable): void {
    if (!this.isOver) this.abortNow ??= by;
  }

  onAged(of: Aging): void {
    if (this.isAged || (this.isOver && this.exchange)) of.aged();
    else if (!this.isOver) this.aging.push(of);
  }

  private read(): void {
    this.answer?.tellTo(this.tracker?.isRunning() ? this.tracker : undefined);
    this.forgetTold();
  }

  /** Nothing more will be told of a call that has ended, or is none of a model. */
  private forgetTold(): void {
    if (!this.tracker || this.tracker.isRunning()) return;
    if (!this.isOver) this.release();
    this.answer = undefined;
    this.tracker = undefined;
  }

  private age(): void {
    if (this.isOver) return;
    this.read();
    // Its answer may say by now that it has ended.
    if (this.isOver) return;
    this.isAged = true;
    for (const one of this.aging) one.aged();
    this.aging = [];
    if (!this.isOpened) this.awaitReader();
  }

  private awaitReader(): void {
    if (this.unread) clearTimeout(this.unread);
    this.unread = unref(setTimeout(abandon, this.observer.abandonAfterMs, this));
  }

  private release(): void {
    this.isOver = true;
    // They may hold the answer, and somebody who still holds this call would hold both.
    this.abortNow = undefined;
    this.isBroken = neverBroken;
    // Who drops the answer has still to be noticed, or what the exchange has of the app's own would never be let go.
    if (this.exchange) for (const one of this.aging) one.aged();
    this.aging = [];
    if (this.unread) clearTimeout(this.unread);
    if (this.onAbort) this.signal?.removeEventListener('abort', this.onAbort);
    this.signal = undefined;
  }

  private later(work: (tracker: CallTracker, atMs: number) => void): void {
    this.release();
    const atMs = performance.now();
    this.observer.defer(() => {
      this.read();
      if (!this.tracker) return;
      work(this.tracker, atMs);
      this.forgetTold();
    });
  }

  /** Who leaves an answer that was complete cancels nothing. */
  private stop(tracked: CallTracker, result: CallResult): void {
    const isLeft = result.outcome === 'cancelled' || result.outcome === 'abandoned';
    const settled = isLeft ? this.answer?.reader(tracked)?.settled?.() : undefined;
    tracked.end(settled ? { ...settled, atMs: result.atMs } : result);
  }

  private end(thrown: unknown): void {
    const isAbort = this.signal?.aborted === true && thrown === this.signal.reason;
    this.later((tracked, atMs) => {
      const result = this.format.resultOfThrown(thrown, atMs);
      // An app may abort with any reason.
      const isCancel = result.outcome === 'cancelled' || (isAbort && result.outcome === 'error');
      if (!isCancel) return this.stop(tracked, result);
      const timedOut = this.answer?.hasHead()
        ? undefined
        : sdkTimeout(this.timeoutMs, atMs - this.begun.atMs, atMs);
      this.stop(tracked, timedOut ?? { outcome: 'cancelled', cancelledBy: 'app', atMs });
    });
  }
}

function abandon(call: OpenCall): void {
  call.left('abandoned', 'app');
}
