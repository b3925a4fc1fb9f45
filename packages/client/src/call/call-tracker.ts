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

export function createCallTracker(
  begun: CallStart,
  identity: CallIdentity,
  context: CallContext,
  /** It failed in a way that is worth another attempt, which will have this logical id. */
  onRetryable?: (logicalId: string) => void,
): CallTracker {
  const { requestId } = identity;
  const meter = createOutputMeter();
  const repetition = createRepetitionWatch();
  let started: CommonData | undefined;
  let writer: RequestWriter | undefined;
  let text = '';
  let ttftMs: number | undefined;
  let ended = false;
  let progressAtMs = begun.atMs;
  const since = (atMs: number) => Math.max(0, atMs - begun.atMs);
  const wall = (atMs: number) => begun.wallMs + since(atMs);

  return {
    requestId,
    isRunning: () => started !== undefined && !ended,
    start(describe) {
      const described = describe();
      if (!described) return;
      const common = commonData(identity, begun.wallMs, described, context);
      writer = createRequestWriter(common, askedData(described, context));
      started = common;
      context.publish(writer.started(begun.wallMs));
    },
    output(piece, atMs) {
      if (ended || !started || !writer) return;
      meter.add(piece.chars, atMs, piece.chunks);
      if (piece.thinking) repetition.add(piece.thinking);
      if (piece.text) repetition.add(piece.text);
      const room = keptLength[context.capture] + 1 - text.length;
      if (piece.text && room > 0) text += piece.text.slice(0, room);
      // Without streaming the first token arrives with the last: its time says nothing.
      if (ttftMs !== undefined || !started.stream || piece.isWhole) return;
      ttftMs = since(atMs);
      progressAtMs = atMs;
      context.publish(writer.firstToken(wall(atMs), rounded(ttftMs)));
    },
    progress(nowMs) {
      if (ended || !started || ttftMs === undefined) return;
      if (nowMs - progressAtMs < PROGRESS_EVERY_MS) return;
      progressAtMs = nowMs;
      context.publishProgress(progressMessage(started, { meter, repetition }, wall(nowMs), nowMs));
    },
    end(result) {
      if (ended || !started || !writer) return;
      ended = true;
      const { chunks, chars } = meter.total();
      const output = { chunks, chars, text, ttftMs };
      const data = resultData(started, since(result.atMs), result, output, context);
      if (onRetryable && isWorthRetrying(result)) {
        if (!started.logicalId) data.logicalId = requestId;
        onRetryable(started.logicalId ?? requestId);
      }
      context.publish(writer.ended(wall(result.atMs), data));
    },
  };
}

/** What SDKs make another attempt after: no answer, a server's fault, or one that asks to come again. */
function isWorthRetrying({ outcome, error }: CallResult): boolean {
  if (outcome !== 'error' && outcome !== 'timeout') return false;
  const { status } = error ?? {};
  return status === undefined || status >= 500 || [408, 409, 425, 429].includes(status);
}
