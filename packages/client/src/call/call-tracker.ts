import { PROGRESS_PER_SECOND } from '@llm-monitor/contracts/wire';

import type { CallContext } from './call-context.ts';
import type { CallDescription } from './call-description.ts';
import type { CallIdentity } from './call-identity.ts';
import type { CallResult } from './call-result.ts';
import { keptLength } from './captured-text.ts';
import { createOutputMeter } from './output-meter.ts';
import { progressMessage } from './progress-message.ts';
import { askedData, commonData, resultData, rounded, type CommonData } from './request-data.ts';
import { createRepetitionWatch } from './repetition.ts';
import { createRequestWriter, type RequestWriter } from './request-message.ts';

/**
 * Follows one call: start → first token → output → exactly one end; what comes after the end is ignored.
 * All times are on the clock of `performance.now()`. Nothing here runs on the path of the monitored call.
 * It has no getters, as nothing has that is made for each call: each would be an object of a shape of its own, which V8 learns anew.
 */
export interface CallTracker {
  readonly requestId: string;
  /** Its start was published, and its end was not. */
  isRunning(): boolean;
  /** Publishes the start; nothing is ever published of what turns out to be no call of a model. */
  start(describe: () => CallDescription | undefined): void;
  /** Something was generated, and the first of it came then. */
  output(output: Output, atMs: number): void;
  end(result: CallResult): void;
  /** Publishes progress when it is time to. */
  progress(nowMs: number): void;
}

/** Pieces of text, of thinking, or tool calls. */
export interface Output {
  /** Length of its text and thinking. */
  chars: number;
  text?: string;
  thinking?: string;
  /** How many pieces; by default one. */
  chunks?: number;
  /** All of it at once, which tells no first token. */
  isWhole?: boolean;
}

/** When a call began: on both clocks, read at the same moment. */
export interface CallStart {
  wallMs: number;
  atMs: number;
}

const PROGRESS_EVERY_MS = 1000 / PROGRESS_PER_SECOND;

/** Follows a call that has begun. Nothing of it is published before its `start`. */
export function createCallTracker(
  begun: CallStart,
  identity: CallIdentity,
  context: CallContext,
  /** It failed in a way that is worth another attempt, which will have this logical id. */
  onRetryable?: (logicalId: string) => void,
): CallTracker {
  return new Tracker(begun, identity, context, onRetryable);
}

/** With methods rather than functions of a scope, of which each call would have its own. */
class Tracker implements CallTracker {
  readonly requestId: string;
  private readonly begun: CallStart;
  private readonly identity: CallIdentity;
  private readonly context: CallContext;
  private readonly onRetryable: ((logicalId: string) => void) | undefined;
  private readonly meter = createOutputMeter();
  private readonly repetition = createRepetitionWatch();
  private started: CommonData | undefined = undefined;
  private writer: RequestWriter | undefined = undefined;
  private text = '';
  private ttftMs: number | undefined = undefined;
  private ended = false;
  private progressAtMs: number;

  constructor(
    begun: CallStart,
    identity: CallIdentity,
    context: CallContext,
    onRetryable: ((logicalId: string) => void) | undefined,
  ) {
    this.requestId = identity.requestId;
    this.begun = begun;
    this.identity = identity;
    this.context = context;
    this.onRetryable = onRetryable;
    this.progressAtMs = begun.atMs;
  }

  isRunning(): boolean {
    return this.started !== undefined && !this.ended;
  }

  start(describe: () => CallDescription | undefined): void {
    const described = describe();
    if (!described) return;
    const { context, begun } = this;
    const common = commonData(this.identity, begun.wallMs, described, context);
    this.writer = createRequestWriter(common, askedData(described, context));
    this.started = common;
    context.publish(this.writer.started(begun.wallMs));
  }

  output(piece: Output, atMs: number): void {
    const { started, writer, context, repetition } = this;
    if (this.ended || !started || !writer) return;
    this.meter.add(piece.chars, atMs, piece.chunks);
    if (piece.thinking) repetition.add(piece.thinking);
    if (piece.text) repetition.add(piece.text);
    const room = keptLength[context.capture] + 1 - this.text.length;
    if (piece.text && room > 0) this.text += piece.text.slice(0, room);
    // Without streaming the first token arrives with the last: its time says nothing.
    if (this.ttftMs !== undefined || !started.stream || piece.isWhole) return;
    this.ttftMs = this.since(atMs);
    this.progressAtMs = atMs;
    context.publish(writer.firstToken(this.wall(atMs), rounded(this.ttftMs)));
  }

  progress(nowMs: number): void {
    const { started, context, meter, repetition } = this;
    if (this.ended || !started || this.ttftMs === undefined) return;
    if (nowMs - this.progressAtMs < PROGRESS_EVERY_MS) return;
    this.progressAtMs = nowMs;
    context.publishProgress(
      progressMessage(started, { meter, repetition }, this.wall(nowMs), nowMs),
    );
  }

  end(result: CallResult): void {
    const { started, writer, context, text, ttftMs } = this;
    if (this.ended || !started || !writer) return;
    this.ended = true;
    const { chunks, chars } = this.meter.total();
    const output = { chunks, chars, text, ttftMs };
    const data = resultData(started, this.since(result.atMs), result, output, context);
    if (this.onRetryable && isWorthRetrying(result)) {
      if (!started.logicalId) data.logicalId = this.requestId;
      this.onRetryable(started.logicalId ?? this.requestId);
    }
    context.publish(writer.ended(this.wall(result.atMs), data));
  }

  private since(atMs: number): number {
    return Math.max(0, atMs - this.begun.atMs);
  }

  private wall(atMs: number): number {
    return this.begun.wallMs + this.since(atMs);
  }
}

/** What SDKs make another attempt after: no answer, a server's fault, or one that asks to come again. */
function isWorthRetrying({ outcome, error }: CallResult): boolean {
  if (outcome !== 'error' && outcome !== 'timeout') return false;
  const { status } = error ?? {};
  return status === undefined || status >= 500 || [408, 409, 425, 429].includes(status);
}
