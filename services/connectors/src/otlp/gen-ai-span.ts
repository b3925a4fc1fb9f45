import { createHash } from 'node:crypto';

import type { RequestEndedData } from '@llm-monitor/contracts/events';
import { genAiOperation } from '@llm-monitor/contracts/stats';
import {
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Attributes,
  type HrTime,
  type SpanContext,
  type SpanStatus,
} from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

import type { EndedCall } from './ended-call.ts';

/**
 * From a call to OpenTelemetry's GenAI semantic conventions. The one place that knows their names, but for those of the metrics, which
 * `contracts/stats/gen-ai.ts` shares with others. What they have no word for is `llm_monitor.…`.
 */
export function toSpan(
  call: EndedCall,
  options: {
    resource: Resource;
    scope: ReadableSpan['instrumentationScope'];
    hasMessages: boolean;
  },
): ReadableSpan {
  const { data, startedAtMs, endedAtMs } = call;
  const ids = idsOf(call);
  const { ttftMs } = data;
  return {
    name: `${genAiOperation(data.operation)} ${data.model}`,
    kind: SpanKind.CLIENT,
    spanContext: () => ids.own,
    ...(ids.parent ? { parentSpanContext: ids.parent } : {}),
    startTime: toHrTime(startedAtMs),
    endTime: toHrTime(endedAtMs),
    duration: toHrTime(data.durationMs),
    status: statusOf(data),
    attributes: {
      ...commonAttributes(data),
      ...callAttributes(call),
      ...(options.hasMessages ? messageAttributes(data) : {}),
    },
    links: [],
    events:
      ttftMs === undefined
        ? []
        : [{ name: 'gen_ai.first_token', time: toHrTime(startedAtMs + ttftMs), attributes: {} }],
    ended: true,
    resource: options.resource,
    instrumentationScope: options.scope,
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
  };
}

/** Attributes of spans and of metrics: few values each, or a metric would have too many series. */
export function commonAttributes(data: RequestEndedData): Attributes {
  return defined({
    'gen_ai.operation.name': genAiOperation(data.operation),
    'gen_ai.provider.name': data.provider,
    'gen_ai.request.model': data.model,
    'server.address': data.serverAddress,
    'server.port': data.serverPort,
    'error.type': errorTypeOf(data),
  });
}

function callAttributes({ app, data }: EndedCall): Attributes {
  const { parameters = {}, usage, error } = data;
  return defined({
    'gen_ai.request.temperature': parameters.temperature,
    'gen_ai.request.top_p': parameters.topP,
    'gen_ai.request.top_k': parameters.topK,
    'gen_ai.request.max_tokens': parameters.maxTokens,
    'gen_ai.request.seed': parameters.seed,
    'gen_ai.response.finish_reasons':
      data.finishReason === undefined ? undefined : [data.finishReason],
    'gen_ai.usage.input_tokens': usage?.inputTokens,
    'gen_ai.usage.output_tokens': usage?.outputTokens,
    'gen_ai.conversation.id': data.sessionId,
    'http.response.status_code': error?.status,
    'user.id': data.userId,
    'host.name': data.host,
    'llm_monitor.app': app,
    'llm_monitor.request.id': data.requestId,
    'llm_monitor.outcome': data.outcome,
    'llm_monitor.cancelled_by': data.cancelledBy,
    'llm_monitor.usage.source': usage?.source,
    'llm_monitor.tags': data.tags && data.tags.length > 0 ? data.tags : undefined,
    'llm_monitor.demo': data.demo,
  });
}

/** Texts, as far as the app's own setting of capture let them out. */
function messageAttributes(data: RequestEndedData): Attributes {
  const message = (role: string, text: string | undefined) =>
    text === undefined
      ? undefined
      : JSON.stringify([{ role, parts: [{ type: 'text', content: text }] }]);
  return defined({
    'gen_ai.input.messages': message('user', data.prompt ?? data.promptPreview),
    'gen_ai.output.messages': message('assistant', data.response ?? data.responsePreview),
  });
}

const isFailed = ({ outcome }: RequestEndedData) =>
  ['error', 'timeout', 'incomplete', 'orphaned'].includes(outcome);

/** A low number of values: the name of the error, or how else it failed. */
function errorTypeOf(data: RequestEndedData): string | undefined {
  if (!isFailed(data)) return undefined;
  return data.outcome === 'error' ? (data.error?.type ?? '_OTHER') : data.outcome;
}

function statusOf(data: RequestEndedData): SpanStatus {
  if (!isFailed(data)) return { code: SpanStatusCode.UNSET };
  return { code: SpanStatusCode.ERROR, message: data.error?.message ?? data.outcome };
}

const TRACEPARENT = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/;
const NO_ID = /^0+$/;

/** Made of the call's name, so that the same call has the same ids however often it is sent. */
function idsOf({ app, data }: EndedCall): { own: SpanContext; parent?: SpanContext } {
  const spanId = hash(`span:${app}:${data.requestId}`).slice(0, 16);
  const [, traceId = '', parentId = '', flags = '01'] =
    TRACEPARENT.exec(data.traceparent ?? '') ?? [];
  if (!traceId || NO_ID.test(traceId) || NO_ID.test(parentId)) {
    // The attempts of one call that an SDK repeats are one trace.
    const ownTrace = hash(`trace:${app}:${data.logicalId ?? data.requestId}`).slice(0, 32);
    return { own: { traceId: ownTrace, spanId, traceFlags: TraceFlags.SAMPLED } };
  }
  const traceFlags = Number.parseInt(flags, 16);
  return {
    own: { traceId, spanId, traceFlags },
    parent: { traceId, spanId: parentId, traceFlags, isRemote: true },
  };
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

function toHrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000);
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
}

function defined(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
