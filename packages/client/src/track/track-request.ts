import type { Parameters } from '@llm-monitor/contracts/events';

import type { CallDescription } from '../call/call-description.ts';
import type { CallResult } from '../call/call-result.ts';
import type { CallTracker } from '../call/call-tracker.ts';
import { resultOfThrown } from '../call/describe-error.ts';
import { known } from '../call/known.ts';
import { activeTraceparent } from '../context/active-span.ts';
import { currentScope } from '../context/call-scope.ts';
import type { CallObserver } from '../monitor/call-observer.ts';
import { linkAbort, type LinkedAbort } from '../transport/linked-abort.ts';
import { count, isObject, text } from '../wire/json-fields.ts';

/** What a call asks for, as far as it is known. */
export interface TrackInfo {
  model: string;
  /** `openai`, `llama.cpp` … Default `custom`. */
  provider?: string;
  /** `chat`, `generate`, `embed` … Default `chat`. */
  operation?: string;
  /** Whether output comes in pieces: then the first one is the first token. Default true. */
  stream?: boolean;
  prompt?: string;
  parameters?: Parameters;
  serverAddress?: string;
  serverPort?: number;
  timeoutMs?: number;
  /** The signal of the caller, which `call.signal` follows. */
  signal?: AbortSignal;
}

/** A call that is being made. No method throws. */
export interface TrackedCall {
  readonly requestId: string;
  /** Aborts when the caller's signal does, or when the call is cancelled from the dashboard. Pass it on to what makes the call. */
  readonly signal: AbortSignal;
  /** A piece of the answer has arrived. */
  output(text: string): void;
  /** What the server says at the end. Tokens that it did not count are left out. */
  finish(result: FinishedCall): void;
}

/** What a server says of a call that has ended. */
export interface FinishedCall {
  inputTokens?: number;
  outputTokens?: number;
  finishReason?: string;
}

/** Follows one call. `observer` is undefined when nothing is to be published. */
export async function trackRequest<T>(
  observer: (() => CallObserver) | undefined,
  info: TrackInfo,
  run: (call: TrackedCall) => T | Promise<T>,
): Promise<T> {
  const link = linkAbort(info.signal);
  const call = observer ? follow(observer(), info, link) : unfollowed(link.signal);
  try {
    const value = await run(call.tracked);
    call.succeeded(value);
    return value;
  } catch (error) {
    call.failed(error);
    throw error;
  } finally {
    link.unlink();
  }
}

interface Followed {
  tracked: TrackedCall;
  succeeded(value: unknown): void;
  failed(error: unknown): void;
}

function unfollowed(signal: AbortSignal): Followed {
  const nothing = () => undefined;
  const tracked = { requestId: '', signal, output: nothing, finish: nothing };
  return { tracked, succeeded: nothing, failed: nothing };
}

function follow(observer: CallObserver, info: TrackInfo, link: LinkedAbort): Followed {
  let tracker: CallTracker | undefined;
  let pieces = 0;
  let finished: FinishedCall = {};
  let cancelledBy = 'app';
  let isOver = false;
  const traceparent = currentScope()?.traceparent ?? activeTraceparent();
  const end = (result: (atMs: number) => CallResult) => {
    isOver = true;
    later((one, atMs) => one.end(result(atMs)));
  };
  const later = (work: (tracker: CallTracker, atMs: number) => void) => {
    const atMs = performance.now();
    observer.defer(() => {
      if (tracker) work(tracker, atMs);
    });
  };
  const output = (text: unknown, isWhole = false) => {
    if (typeof text !== 'string' || text === '') return;
    pieces += 1;
    later((one, atMs) => {
      one.output({ chars: text.length, text, isWhole }, atMs);
      one.progress(atMs);
    });
  };
  const requestId = observer.begin({
    describe: () => description(info),
    identity: { ...currentScope(), ...(traceparent ? { traceparent } : {}) },
    onTracked: (opened) => (tracker = opened),
    cancel(by) {
      if (isOver) return { aborted: false, reason: 'The call has ended just now.' };
      cancelledBy = by;
      link.abort();
      return { aborted: true };
    },
  });
  return {
    tracked: {
      requestId,
      signal: link.signal,
      output: (piece) => output(piece),
      finish: (result) => void (finished = { ...result }),
    },
    succeeded(value) {
      // A run that told of no pieces has its answer in what it gives back.
      if (pieces === 0) output(value, true);
      end((atMs) => ({ outcome: 'completed', ...numbers(finished), atMs }));
    },
    failed(error) {
      // Libraries have errors of their own for what a signal has ended.
      const { aborted, reason } = link.signal;
      const thrown: unknown = aborted && !isTimeout(error) ? reason : error;
      end((atMs) => {
        const result = resultOfThrown(thrown, atMs);
        const isCancel = aborted ? result.outcome !== 'timeout' : result.outcome === 'cancelled';
        return isCancel ? { outcome: 'cancelled', cancelledBy, atMs } : result;
      });
    },
  };
}

function isTimeout(error: unknown): boolean {
  return resultOfThrown(error, 0).outcome === 'timeout';
}

/** Whatever was passed, an event must come of it. */
function description(info: TrackInfo): CallDescription {
  const { provider, operation, stream = true, prompt, parameters, timeoutMs } = info;
  const promptText = typeof prompt === 'string' ? prompt : undefined;
  return {
    provider: text(provider)?.slice(0, 256) ?? 'custom',
    model: text(info.model)?.slice(0, 256) ?? 'unknown',
    operation: text(operation)?.slice(0, 256) ?? 'chat',
    stream: Boolean(stream),
    ...known<Partial<CallDescription>>({
      serverAddress: text(info.serverAddress)?.slice(0, 256),
      serverPort: count(info.serverPort),
      parameters: parametersOf(parameters),
      timeoutMs: count(timeoutMs),
      promptText,
      promptChars: promptText?.length,
    }),
  };
}

/** All that a collector keeps: anything else could make an event that is none, or one that no bus takes. */
const PARAMETERS = [
  'temperature',
  'topP',
  'topK',
  'numCtx',
  'maxTokens',
  'seed',
] as const satisfies readonly (keyof Parameters)[];

function parametersOf(value: unknown): Parameters | undefined {
  if (!isObject(value)) return undefined;
  const parameters: Parameters = {};
  for (const name of PARAMETERS) {
    const one = value[name];
    if (typeof one === 'number' && Number.isFinite(one)) parameters[name] = one;
  }
  return Object.keys(parameters).length > 0 ? parameters : undefined;
}

function numbers(finished: FinishedCall): Omit<CallResult, 'outcome' | 'atMs'> {
  const whole = (value: unknown) => (Number.isInteger(value) ? count(value) : undefined);
  return known<Omit<CallResult, 'outcome' | 'atMs'>>({
    inputTokens: whole(finished.inputTokens),
    outputTokens: whole(finished.outputTokens),
    finishReason: text(finished.finishReason)?.slice(0, 256),
  });
}
