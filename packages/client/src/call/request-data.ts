import type {
  RequestEndedData,
  RequestEventKind,
  RequestFirstTokenData,
  RequestStartedData,
  Usage,
} from '@llm-monitor/contracts/events';

import type { CallContext } from './call-context.ts';
import type { CallIdentity } from './call-identity.ts';
import type { CallDescription } from './call-description.ts';
import type { CallResult } from './call-result.ts';
import { captureText } from './captured-text.ts';
import { isoTime } from './iso-time.ts';

const MAX_TAGS = 32;

/** What every event of a call says: which one it is. */
export type CommonData = Omit<RequestFirstTokenData, 'ttftMs'>;
/** What its start and its end say besides: what was asked. */
export type AskedData = Omit<RequestStartedData, keyof CommonData>;
/** What its end alone says; the logical id where it is known only then. */
export type ResultData = Omit<RequestEndedData, keyof RequestStartedData> & { logicalId?: string };

/** What is not known included, as undefined, which JSON leaves out: V8 takes more for a spread than for writing the event. */
type Fields<T> = { [K in keyof T]-?: T[K] | undefined };

/** @param wallMs when the call began, ms since 1970 */
export function commonData(
  of: CallIdentity,
  wallMs: number,
  described: CallDescription,
  context: CallContext,
): CommonData {
  const tags = of.tags ? [...context.tags, ...of.tags].slice(0, MAX_TAGS) : context.tags;
  const fields: Fields<CommonData> = {
    requestId: of.requestId,
    app: context.app,
    instance: context.instance,
    host: context.host,
    startedAt: isoTime(wallMs),
    logicalId: of.logicalId || undefined,
    sessionId: of.sessionId || undefined,
    userId: of.userId || undefined,
    traceparent: of.traceparent || undefined,
    demo: context.demo ? true : undefined,
    tags: tags.length > 0 ? [...tags] : undefined,
    provider: described.provider,
    model: described.model,
    operation: described.operation,
    stream: described.stream,
  };
  return fields as CommonData;
}

/** Its texts are redacted and cut here, as the app's setting of capture says. */
export function askedData(described: CallDescription, context: CallContext): AskedData {
  const { promptText = '' } = described;
  const { preview, full, truncated = false } = captureText(promptText, 'prompt', context);
  const fields: Fields<AskedData> = {
    serverAddress: described.serverAddress,
    serverPort: described.serverPort,
    parameters: described.parameters,
    promptChars: described.promptChars,
    imageCount: described.imageCount,
    imageBytes: described.imageBytes,
    toolNames: described.toolNames,
    timeoutMs: described.timeoutMs,
    keepAlive: described.keepAlive,
    promptPreview: preview || undefined,
    prompt: full,
    promptTruncated: full === undefined ? undefined : truncated,
  };
  return fields as AskedData;
}

/** What a call has put out by its end. */
export interface CallOutput {
  chunks: number;
  chars: number;
  /** The beginning of its text. */
  text: string;
  ttftMs: number | undefined;
}

/** @param durationMs from the start to the end; the text of the answer is redacted and cut here */
export function resultData(
  common: CommonData,
  durationMs: number,
  result: CallResult,
  output: CallOutput,
  context: CallContext,
): ResultData {
  const { chunks, chars, text, ttftMs } = output;
  const { preview, full, truncated } = captureText(text, 'response', {
    capture: context.capture,
    redact: context.redact,
    length: chars,
  });
  const fields: Fields<ResultData> = {
    logicalId: undefined,
    outcome: result.outcome,
    durationMs: rounded(Math.max(0, durationMs)),
    usage: usageOf(result, common.stream ? chunks : 0),
    outputChars: chars,
    chunks: common.stream ? chunks : undefined,
    ttftMs: ttftMs === undefined ? undefined : rounded(ttftMs),
    cancelledBy: result.cancelledBy || undefined,
    finishReason: result.finishReason || undefined,
    ollama: result.ollama,
    error: result.error,
    responsePreview: preview || undefined,
    response: full,
    responseTruncated: full === undefined ? undefined : (truncated ?? false),
  };
  return fields as ResultData;
}

/** Which kind of end event carries an outcome. */
export function endKind(outcome: RequestEndedData['outcome']): RequestEventKind {
  if (outcome === 'completed') return 'completed';
  return outcome === 'cancelled' || outcome === 'abandoned' ? 'cancelled' : 'failed';
}

/** The server's counts; else the number of stream chunks, which is close to the number of tokens. */
function usageOf({ inputTokens, outputTokens }: CallResult, chunks: number): Usage {
  const isCounted = outputTokens !== undefined;
  const isKnown = isCounted || inputTokens !== undefined;
  const usage: Fields<Usage> = {
    inputTokens,
    outputTokens: isCounted ? outputTokens : chunks > 0 ? chunks : undefined,
    source: !isCounted && chunks > 0 ? 'estimate' : isKnown ? 'server' : 'none',
  };
  return usage as Usage;
}

/** To microseconds: more would only take room. */
export function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
