import { STREAMS } from '../bus/streams.ts';
import { ProgressData } from '../events/progress.ts';
import {
  RequestEndedData,
  RequestFirstTokenData,
  RequestStartedData,
  type RequestEventKind,
} from '../events/request.ts';
import type { PublicEvent } from './public-event.ts';

const REQUEST_ID = 'b3f1c2d4e5f60718';

const identity = {
  requestId: REQUEST_ID,
  app: 'generator',
  instance: '4f2a91c0',
  host: 'workstation',
  provider: 'ollama',
  model: 'llama3.2:3b',
  operation: 'chat',
  stream: true,
  startedAt: '2026-05-01T10:00:00.000Z',
};

const request = {
  serverAddress: '127.0.0.1',
  serverPort: 11_434,
  parameters: { temperature: 0.7, numCtx: 8192 },
  promptChars: 21,
  promptPreview: 'Why is the sky blue?',
};

const DATA_NAMES = { started: 'RequestStartedData', 'first-token': 'RequestFirstTokenData' };

function requestEvent(
  kind: RequestEventKind,
  event: Pick<PublicEvent, 'name' | 'title' | 'when' | 'sentBy' | 'data' | 'example'> & {
    mark: string;
  },
): PublicEvent {
  const { mark, ...rest } = event;
  return {
    ...rest,
    address: `llm.request.${kind}.{app}.{model}`,
    type: `llm.request.${kind}.v1`,
    dataName: DATA_NAMES[kind as keyof typeof DATA_NAMES] ?? 'RequestEndedData',
    stream: STREAMS.requests,
    exampleId: `${REQUEST_ID}:${mark}`,
  };
}

/** The life of a call. */
export const REQUEST_EVENTS: readonly PublicEvent[] = [
  requestEvent('started', {
    name: 'requestStarted',
    title: 'A call starts',
    when: 'The call leaves its program.',
    sentBy: ['client', 'agent'],
    data: RequestStartedData,
    mark: 'start',
    example: { ...identity, ...request },
  }),
  requestEvent('first-token', {
    name: 'requestFirstToken',
    title: 'The first output of a call',
    when: 'The first content, thinking or tool call that is not empty has come.',
    sentBy: ['client', 'agent'],
    data: RequestFirstTokenData,
    mark: 'first-token',
    example: { ...identity, ttftMs: 412.5 },
  }),
  requestEvent('completed', {
    name: 'requestCompleted',
    title: 'A call ended well',
    when: 'All of the answer has come. Repeats everything that is known of the call.',
    sentBy: ['client', 'agent'],
    data: RequestEndedData,
    mark: 'end',
    example: {
      ...identity,
      ...request,
      outcome: 'completed',
      durationMs: 3120.4,
      ttftMs: 412.5,
      finishReason: 'stop',
      usage: { inputTokens: 26, outputTokens: 118, source: 'server' },
      ollama: {
        totalDurationNs: 3_104_000_000,
        loadDurationNs: 21_000_000,
        promptEvalDurationNs: 340_000_000,
        evalDurationNs: 2_690_000_000,
      },
      chunks: 118,
      outputChars: 540,
      responsePreview: 'Because of Rayleigh scattering: air scatters blue light more than red.',
    },
  }),
  requestEvent('failed', {
    name: 'requestFailed',
    title: 'A call failed',
    when: 'An error (`outcome` `error`), a time-out (`timeout`), a stream that broke off (`incomplete`), or a program that fell silent (`orphaned`; a collector says so).',
    sentBy: ['client', 'agent', 'collector'],
    data: RequestEndedData,
    mark: 'end',
    example: {
      ...identity,
      ...request,
      outcome: 'error',
      durationMs: 12.8,
      error: { type: 'ResponseError', message: "model 'llama3.2:3b' not found", status: 404 },
    },
  }),
  requestEvent('cancelled', {
    name: 'requestCancelled',
    title: 'A call was cancelled',
    when: 'Its program aborted it, somebody did so from outside (`cancelledBy`), or its reader left its loop (`outcome` `abandoned`).',
    sentBy: ['client', 'agent'],
    data: RequestEndedData,
    mark: 'end',
    example: {
      ...identity,
      ...request,
      outcome: 'cancelled',
      cancelledBy: 'operator',
      durationMs: 1710,
      ttftMs: 412.5,
      chunks: 40,
      outputChars: 180,
    },
  }),
  {
    name: 'progress',
    title: 'How far a running call is',
    address: 'llm.progress.{app}.{model}',
    when: 'At most four times a second while a call runs.',
    sentBy: ['client', 'agent', 'api'],
    type: 'llm.progress.v1',
    data: ProgressData,
    dataName: 'ProgressData',
    exampleId: `${REQUEST_ID}:progress:40`,
    example: {
      requestId: REQUEST_ID,
      app: 'generator',
      model: 'llama3.2:3b',
      phase: 'generating',
      chunks: 40,
      chars: 180,
      tokensPerSecond: 43.1,
    },
  },
];
