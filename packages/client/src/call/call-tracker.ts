import { randomUUID } from 'node:crypto';

import { subjects } from '@llm-monitor/contracts/bus';
import type {
  ProgressData,
  RequestEndedData,
  RequestStartedData,
  Usage,
} from '@llm-monitor/contracts/events';
import { createEvent, PROGRESS_PER_SECOND } from '@llm-monitor/contracts/wire';

import type { CallDescription } from './call-description.ts';
import type { CallResult } from './call-result.ts';
import { captureText, keptLength, type Capture, type Redact } from './captured-text.ts';
import { createOutputMeter } from './output-meter.ts';
import { endKind, requestMessage, type RequestMessage } from './request-events.ts';

/** What all calls of one monitor share. */
export interface CallContext {
  app: string;
  instance: string;
  host: string;
  demo: boolean;
  tags: readonly string[];
  capture: Capture;
  redact: Redact | undefined;
  publish(message: RequestMessage): void;
  publishProgress(message: { subject: string; payload: string }): void;
}

/**
 * Follows one call: start → first token → output → exactly one end; what comes after the end is ignored.
 * All times are on the clock of `performance.now()`. Nothing here runs on the path of the monitored call.
 */
export interface CallTracker {
  readonly requestId: string;
  readonly ended: boolean;
  /** Publishes the start. */
  start(describe: () => CallDescription): void;
  /** Something was generated: a piece of text, of thinking, or a tool call. */
  output(piece: { chars: number; text?: string }, atMs: number): void;
  end(result: CallResult): void;
  /** Publishes progress when it is time to. */
  progress(nowMs: number): void;
}

/** When a call began: on both clocks, read at the same moment. */
export interface CallStart {
  wallMs: number;
  atMs: number;
}

export function createCallTracker(begun: CallStart, context: CallContext): CallTracker {
  const requestId = randomUUID();
  const meter = createOutputMeter();
  const progressEveryMs = 1000 / PROGRESS_PER_SECOND;
  let request: RequestStartedData | undefined;
  let response = '';
  let ttftMs: number | undefined;
  let streaming = false;
  let ended = false;
  let progressAtMs = begun.atMs;
  const wall = (atMs: number) => begun.wallMs + Math.max(0, atMs - begun.atMs);
  const send = (
    kind: Parameters<typeof requestMessage>[0],
    atMs: number,
    data: RequestEndedData | RequestStartedData,
  ) => context.publish(requestMessage(kind, wall(atMs), data));

  return {
    requestId,
    get ended() {
      return ended;
    },
    start(describe) {
      const described = describe();
      streaming = described.stream;
      request = startedData(requestId, begun.wallMs, described, context);
      send('started', begun.atMs, request);
    },
    output({ chars, text }, atMs) {
      if (ended || !request) return;
      meter.add(chars, atMs);
      const room = keptLength[context.capture] + 1 - response.length;
      if (text && room > 0) response += text.slice(0, room);
      if (ttftMs !== undefined || !streaming) return;
      ttftMs = Math.max(0, atMs - begun.atMs);
      context.publish(
        requestMessage('first-token', wall(atMs), {
          ...identityOf(request),
          ttftMs: round(ttftMs),
        }),
      );
      progressAtMs = atMs;
    },
    progress(nowMs) {
      if (ended || !request || ttftMs === undefined) return;
      if (nowMs - progressAtMs < progressEveryMs) return;
      progressAtMs = nowMs;
      context.publishProgress(progressMessage(request, meter, wall(nowMs), nowMs));
    },
    end(result) {
      if (ended || !request) return;
      ended = true;
      const captured = captureText(response, 'response', { ...context, length: meter.chars });
      const data: RequestEndedData = {
        ...request,
        outcome: result.outcome,
        durationMs: round(Math.max(0, result.atMs - begun.atMs)),
        usage: usageOf(result, streaming ? meter.chunks : 0),
        outputChars: meter.chars,
        ...(streaming ? { chunks: meter.chunks } : {}),
        ...(ttftMs === undefined ? {} : { ttftMs: round(ttftMs) }),
        ...(result.cancelledBy ? { cancelledBy: result.cancelledBy } : {}),
        ...(result.finishReason ? { finishReason: result.finishReason } : {}),
        ...(result.ollama ? { ollama: result.ollama } : {}),
        ...(result.error ? { error: result.error } : {}),
        ...(captured.preview ? { responsePreview: captured.preview } : {}),
        ...(captured.full === undefined
          ? {}
          : { response: captured.full, responseTruncated: captured.truncated ?? false }),
      };
      send(endKind(result.outcome), result.atMs, data);
    },
  };
}

function startedData(
  requestId: string,
  wallMs: number,
  described: CallDescription,
  context: CallContext,
): RequestStartedData {
  const { promptText, ...request } = described;
  const prompt = captureText(promptText ?? '', 'prompt', context);
  return {
    requestId,
    app: context.app,
    instance: context.instance,
    host: context.host,
    startedAt: new Date(wallMs).toISOString(),
    ...(context.demo ? { demo: true } : {}),
    ...(context.tags.length > 0 ? { tags: [...context.tags] } : {}),
    ...request,
    ...(prompt.preview ? { promptPreview: prompt.preview } : {}),
    ...(prompt.full === undefined
      ? {}
      : { prompt: prompt.full, promptTruncated: prompt.truncated ?? false }),
  };
}

/** The fields that every event of a call repeats. */
function identityOf(request: RequestStartedData): RequestStartedData {
  const {
    requestId,
    app,
    instance,
    host,
    provider,
    model,
    operation,
    stream,
    demo,
    tags,
    startedAt,
  } = request;
  const identity = {
    requestId,
    app,
    instance,
    host,
    provider,
    model,
    operation,
    stream,
    demo,
    tags,
    startedAt,
  };
  return identity as RequestStartedData;
}

function progressMessage(
  request: RequestStartedData,
  meter: { chunks: number; chars: number; rate(nowMs: number): number | undefined },
  wallMs: number,
  nowMs: number,
): { subject: string; payload: string } {
  const { requestId, app, model, instance, demo } = request;
  const tokensPerSecond = meter.rate(nowMs);
  const data: ProgressData = {
    requestId,
    app,
    model,
    phase: 'generating',
    chunks: meter.chunks,
    chars: meter.chars,
    ...(tokensPerSecond === undefined ? {} : { tokensPerSecond: round(tokensPerSecond) }),
    ...(demo ? { demo } : {}),
  };
  const event = createEvent({
    id: `${requestId}:progress:${meter.chunks}`,
    source: `/apps/${app}/instances/${instance ?? ''}`,
    type: 'llm.progress.v1',
    time: new Date(wallMs).toISOString(),
    data,
  });
  return { subject: subjects.progress(app, model), payload: JSON.stringify(event) };
}

/** The server's counts; else the number of stream chunks, which is close to the number of tokens. */
function usageOf(result: CallResult, chunks: number): Usage {
  const { inputTokens, outputTokens } = result;
  const input = inputTokens === undefined ? {} : { inputTokens };
  if (outputTokens !== undefined) return { ...input, outputTokens, source: 'server' };
  if (chunks > 0) return { ...input, outputTokens: chunks, source: 'estimate' };
  return { ...input, source: inputTokens === undefined ? 'none' : 'server' };
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
