import { Type, type Static } from '../typebox/index.ts';

/** What happened to a call; the third token of its subject and the middle of its `type`. */
export const REQUEST_EVENT_KINDS = [
  'started',
  'first-token',
  'completed',
  'failed',
  'cancelled',
] as const;
export type RequestEventKind = (typeof REQUEST_EVENT_KINDS)[number];

/** A request id: safe in subjects, keys and URLs. */
export const REQUEST_ID_PATTERN = '^[A-Za-z0-9_-]{8,64}$';

/** All of {@link Phase}, in the order in which a call passes them; it may leave some out. */
export const PHASES = ['waiting', 'queued', 'loading', 'prompt', 'generating'] as const;
/** Where a running call is. A plain client knows only `waiting` and `generating`. */
export type Phase = (typeof PHASES)[number];
export const Phase = Type.Enum([...PHASES]);

/** All of {@link Outcome}. `orphaned`: nobody told the end; `abandoned`: nobody read its answer to the end. */
export const OUTCOMES = [
  'completed',
  'error',
  'timeout',
  'incomplete',
  'orphaned',
  'cancelled',
  'abandoned',
] as const;
/** How a call ended, as precisely as is known. */
export type Outcome = (typeof OUTCOMES)[number];
export const Outcome = Type.Enum([...OUTCOMES]);

/** Which outcomes each end event may carry. */
export const OUTCOMES_BY_KIND = {
  completed: ['completed'],
  failed: ['error', 'timeout', 'incomplete', 'orphaned'],
  cancelled: ['cancelled', 'abandoned'],
} as const satisfies Record<string, readonly Outcome[]>;

/** The operations that do not run a model: they stay out of latency statistics. */
export const OPERATIONS_WITHOUT_INFERENCE: ReadonlySet<string> = new Set([
  'load',
  'unload',
  'pull',
  'push',
  'create',
]);

/** Bounds keep a hostile event from spoiling a sum or a date: nothing real comes near them. */
const count = Type.Integer({ minimum: 0, maximum: 1e9 });
const size = Type.Integer({ minimum: 0, maximum: 1e12 });
/** At most a year. */
const milliseconds = Type.Number({ minimum: 0, maximum: 366 * 86_400_000 });
const nanoseconds = Type.Number({ minimum: 0, maximum: 366 * 86_400 * 1e9 });
const name = Type.String({ minLength: 1, maxLength: 256 });
const text = Type.String({ maxLength: 65_536 });

/** Model parameters that were sent, in the project's own names. */
export const Parameters = Type.Object({
  temperature: Type.Optional(Type.Number()),
  topP: Type.Optional(Type.Number()),
  topK: Type.Optional(Type.Number()),
  numCtx: Type.Optional(Type.Number()),
  maxTokens: Type.Optional(Type.Number()),
  seed: Type.Optional(Type.Number()),
});
export type Parameters = Static<typeof Parameters>;

/** Durations in nanoseconds as Ollama reports them; they may pass 2^53 and then lose their last digits, never their size. */
export const OllamaDurations = Type.Object({
  totalDurationNs: Type.Optional(nanoseconds),
  loadDurationNs: Type.Optional(nanoseconds),
  promptEvalDurationNs: Type.Optional(nanoseconds),
  evalDurationNs: Type.Optional(nanoseconds),
});
export type OllamaDurations = Static<typeof OllamaDurations>;

/** Token counts and where they come from: the server's own, an estimate, or nowhere. */
export const Usage = Type.Object({
  inputTokens: Type.Optional(count),
  outputTokens: Type.Optional(count),
  source: Type.Enum(['server', 'estimate', 'none']),
});
export type Usage = Static<typeof Usage>;

/** `type` is the error's name (`TimeoutError`, `ResponseError`, `TypeError` …), `status` the HTTP status where there was one. */
export const RequestError = Type.Object({
  type: Type.String({ maxLength: 256 }),
  message: Type.String({ maxLength: 8192 }),
  status: Type.Optional(Type.Integer()),
});
export type RequestError = Static<typeof RequestError>;

/** What identifies a call. Every request event repeats it, so that any of them is enough by itself. */
const identity = {
  requestId: Type.String({ pattern: REQUEST_ID_PATTERN }),
  /** SDK retries of one logical call share it. */
  logicalId: Type.Optional(name),
  /** For people; the collector takes the app from the subject. */
  app: name,
  instance: Type.Optional(name),
  host: Type.Optional(name),
  /** `ollama`, `openai`, `anthropic` … */
  provider: Type.Optional(name),
  model: name,
  /** `chat`, `generate`, `embed`, `load`, `unload` … */
  operation: Type.Optional(name),
  stream: Type.Optional(Type.Boolean()),
  sessionId: Type.Optional(name),
  userId: Type.Optional(name),
  tags: Type.Optional(Type.Array(name, { maxItems: 32 })),
  traceparent: Type.Optional(Type.String({ maxLength: 128 })),
  /** Demo and self-test traffic: kept apart from totals and alerts. */
  demo: Type.Optional(Type.Boolean()),
  /** When the call left the app, RFC 3339 on the producer's clock. */
  startedAt: Type.Optional(Type.String({ maxLength: 40 })),
};

/** What was asked. Absent means unknown. */
const request = {
  serverAddress: Type.Optional(name),
  serverPort: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
  parameters: Type.Optional(Parameters),
  promptChars: Type.Optional(size),
  promptPreview: Type.Optional(text),
  /** With `capture: 'full'` only: at most 24 KiB of UTF-8. */
  prompt: Type.Optional(text),
  promptTruncated: Type.Optional(Type.Boolean()),
  imageCount: Type.Optional(count),
  imageBytes: Type.Optional(size),
  toolNames: Type.Optional(Type.Array(name, { maxItems: 256 })),
  timeoutMs: Type.Optional(milliseconds),
  keepAlive: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Number()])),
};

/** `data` of `llm.request.started.v1`. */
export const RequestStartedData = Type.Object({ ...identity, ...request });
export type RequestStartedData = Static<typeof RequestStartedData>;

/** `data` of `llm.request.first-token.v1`: the first non-empty content, thinking or tool call has arrived. */
export const RequestFirstTokenData = Type.Object({ ...identity, ttftMs: milliseconds });
export type RequestFirstTokenData = Static<typeof RequestFirstTokenData>;

/** `data` of `llm.request.completed | failed | cancelled.v1`. */
export const RequestEndedData = Type.Object({
  ...identity,
  ...request,
  outcome: Outcome,
  cancelledBy: Type.Optional(name),
  /** From `startedAt` to the end. */
  durationMs: milliseconds,
  /** Time to first token. */
  ttftMs: Type.Optional(milliseconds),
  finishReason: Type.Optional(name),
  usage: Type.Optional(Usage),
  ollama: Type.Optional(OllamaDurations),
  chunks: Type.Optional(count),
  outputChars: Type.Optional(size),
  responsePreview: Type.Optional(text),
  /** With `capture: 'full'` only: at most 24 KiB of UTF-8. */
  response: Type.Optional(text),
  responseTruncated: Type.Optional(Type.Boolean()),
  error: Type.Optional(RequestError),
});
export type RequestEndedData = Static<typeof RequestEndedData>;
