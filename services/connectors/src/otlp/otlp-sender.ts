import { gzipSync } from 'node:zlib';

import {
  JsonMetricsSerializer,
  JsonTraceSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { Agent, fetch } from 'undici';

import type { OtlpSettings } from './otlp-config.ts';

/** What became of what was sent. */
export type Sent =
  /** The collector has it; of some parts it may have said that it rejects them. */
  | { kind: 'taken'; rejected?: number; message?: string }
  /** Not now. */
  | { kind: 'later'; afterMs?: number; reason: string }
  /** Never: the same would be refused again. */
  | { kind: 'refused'; isTooLarge: boolean; reason: string };

/** Sends to one collector. */
export interface OtlpSender {
  sendSpans(spans: ReadableSpan[]): Promise<Sent>;
  sendMetrics(metrics: ResourceMetrics): Promise<Sent>;
  close(): Promise<void>;
}

const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_SAID = 300;
/** It is the data that a collector minds. All else may be mended: a token, a path, a proxy. */
const REFUSES_DATA = new Set([400, 413, 415, 422]);
const TOO_LARGE = 413;

export function createOtlpSender(settings: OtlpSettings): OtlpSender {
  const isJson = settings.protocol === 'http/json';
  const traces = isJson ? JsonTraceSerializer : ProtobufTraceSerializer;
  const metrics = isJson ? JsonMetricsSerializer : ProtobufMetricsSerializer;
  const dispatcher = new Agent({ connections: 2, connect: settings.tls });

  const send = async (
    url: string | undefined,
    body: Uint8Array | undefined,
    read: (answer: Uint8Array) => Partial,
  ): Promise<Sent> => {
    if (url === undefined || body === undefined) return { kind: 'taken' };
    try {
      const response = await fetch(url, {
        method: 'POST',
        dispatcher,
        redirect: 'manual',
        signal: AbortSignal.timeout(settings.timeoutMs),
        headers: {
          ...settings.headers,
          'content-type': isJson ? 'application/json' : 'application/x-protobuf',
          ...(settings.isCompressed ? { 'content-encoding': 'gzip' } : {}),
        },
        body: settings.isCompressed ? gzipSync(body) : body,
      });
      const answer = await readAnswer(response.body);
      if (response.ok) return { kind: 'taken', ...readPartial(read, answer) };
      return refusal(response.status, response.headers.get('retry-after'), answer);
    } catch (error) {
      return { kind: 'later', reason: reasonOf(error, settings.timeoutMs) };
    }
  };

  return {
    sendSpans: (spans) =>
      send(settings.tracesUrl, traces.serializeRequest(spans), (answer) => {
        const { partialSuccess } = traces.deserializeResponse(answer);
        return { rejected: partialSuccess?.rejectedSpans, message: partialSuccess?.errorMessage };
      }),
    sendMetrics: (collected) =>
      send(settings.metricsUrl, metrics.serializeRequest(collected), (answer) => {
        const { partialSuccess } = metrics.deserializeResponse(answer);
        return {
          rejected: partialSuccess?.rejectedDataPoints,
          message: partialSuccess?.errorMessage,
        };
      }),
    close: () => dispatcher.destroy(),
  };
}

interface Partial {
  rejected: number | undefined;
  message: string | undefined;
}

/** Collectors of all makes answer 200 with bodies of all kinds: what cannot be read says nothing. */
function readPartial(
  read: (answer: Uint8Array) => Partial,
  answer: Uint8Array,
): { rejected?: number; message?: string } {
  if (answer.length === 0) return {};
  try {
    const { rejected, message } = read(answer);
    const count = Number(rejected ?? 0);
    return {
      ...(count > 0 ? { rejected: count } : {}),
      ...(message ? { message: message.slice(0, MAX_SAID) } : {}),
    };
  } catch {
    return {};
  }
}

function refusal(status: number, retryAfter: string | null, answer: Uint8Array): Sent {
  const said = printable(Buffer.from(answer).toString('utf8'));
  const reason = `it answers ${status}${hintOf(status)}${said ? `: ${said}` : ''}`;
  if (REFUSES_DATA.has(status)) {
    return { kind: 'refused', isTooLarge: status === TOO_LARGE, reason };
  }
  const afterMs = retryAfterMs(retryAfter, Date.now());
  return { kind: 'later', reason, ...(afterMs === undefined ? {} : { afterMs }) };
}

function hintOf(status: number): string {
  if (status === 401 || status === 403) return ' (is OTEL_EXPORTER_OTLP_HEADERS right?)';
  if (status === 404 || status === 405) return ' (is OTEL_EXPORTER_OTLP_ENDPOINT right?)';
  return '';
}

/** Of `Retry-After`: seconds, or a date. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** A protobuf `Status` holds its message among other bytes. */
const printable = (text: string) =>
  text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, MAX_SAID);

async function readAnswer(body: AsyncIterable<Uint8Array> | null): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.byteLength;
    if (bytes > MAX_ANSWER_BYTES) break;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return `it gave no answer in ${timeoutMs} ms`;
  const { code, message: reason } = (cause ?? {}) as { code?: string; message?: string };
  return `it cannot be reached: ${code || reason || message}`;
}
