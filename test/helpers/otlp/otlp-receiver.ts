import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

import * as definitions from 'otlp-definitions/build/src/generated/root.js';

/** One message of the official definitions. */
interface Message {
  decode(body: Uint8Array): unknown;
  encode(message: object): { finish(): Uint8Array };
  toObject(message: unknown, options: object): unknown;
}

const { trace, metrics } = (
  definitions as unknown as {
    opentelemetry: {
      proto: { collector: Record<'trace' | 'metrics', { v1: Record<string, Message> }> };
    };
  }
).opentelemetry.proto.collector;
const { ExportTraceServiceRequest, ExportTraceServiceResponse } = trace.v1 as Record<
  'ExportTraceServiceRequest' | 'ExportTraceServiceResponse',
  Message
>;
const { ExportMetricsServiceRequest } = metrics.v1 as Record<
  'ExportMetricsServiceRequest',
  Message
>;

/** An attribute's value, as the JSON of OTLP has it. */
interface AnyValue {
  stringValue?: string;
  intValue?: string | number;
  doubleValue?: number;
  boolValue?: boolean;
  arrayValue?: { values: AnyValue[] };
}
interface KeyValue {
  key: string;
  value: AnyValue;
}
export type Attributes = Record<string, unknown>;

export interface ReceivedSpan {
  resource: Attributes;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  kind: unknown;
  startMs: number;
  endMs: number;
  attributes: Attributes;
  events: { name: string; atMs: number }[];
  status: { code: number; message: string };
}

export interface ReceivedPoint {
  resource: Attributes;
  metric: string;
  unit: string;
  attributes: Attributes;
  count: number;
  sum: number;
  bounds: number[];
  buckets: number[];
  isCumulative: boolean;
  startMs: number;
}

/** What the receiver does with the next requests. */
export interface Behaviour {
  status: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

/** A collector that takes OTLP by HTTP, protobuf and JSON, and refuses when it is told to. */
export interface OtlpReceiver {
  url: string;
  spans: ReceivedSpan[];
  /** Of each metric and attributes the last one. */
  points(): ReceivedPoint[];
  /** Of every request: path, status that it got, headers. */
  requests: { path: string; status: number; headers: IncomingHttpHeaders; spans: number }[];
  /** Undefined: everything is taken. */
  behave: ((path: string, spans: number) => Behaviour | undefined) | undefined;
  close(): Promise<void>;
}

export async function startOtlpReceiver(
  options: { port?: number; tls?: { key: string; cert: string } } = {},
): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const points = new Map<string, ReceivedPoint>();
  const requests: OtlpReceiver['requests'] = [];

  const listener: Parameters<typeof createServer>[1] = (request, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const raw = Buffer.concat(parts);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
      const path = request.url ?? '';
      const isJson = request.headers['content-type'] === 'application/json';
      const received = path.endsWith('/traces') ? readSpans(body, isJson) : [];
      const behaviour = receiver.behave?.(path, received.length) ?? { status: 200 };
      requests.push({
        ...{ path, status: behaviour.status, headers: request.headers },
        spans: received.length,
      });
      if (behaviour.status === 200) {
        spans.push(...received);
        if (path.endsWith('/metrics')) {
          for (const point of readPoints(body, isJson)) points.set(keyOf(point), point);
        }
      }
      response.writeHead(behaviour.status, {
        'content-type': request.headers['content-type'] ?? '',
        ...behaviour.headers,
      });
      response.end(behaviour.body);
    })();
  };
  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const scheme = options.tls ? 'https' : 'http';
  const receiver: OtlpReceiver = {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ spans, requests, behave: undefined },
    points: () => [...points.values()],
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return receiver;
}

/** The answer that some spans were rejected, in protobuf. */
export function partialSuccess(rejectedSpans: number, errorMessage: string): Uint8Array {
  return ExportTraceServiceResponse.encode({
    partialSuccess: { rejectedSpans, errorMessage },
  }).finish();
}

const keyOf = ({ resource, metric, attributes }: ReceivedPoint) =>
  JSON.stringify([resource['service.name'], metric, attributes]);

interface TraceRequest {
  resourceSpans?: {
    resource: { attributes: KeyValue[] };
    scopeSpans: {
      spans: {
        name: string;
        traceId: string;
        spanId: string;
        parentSpanId?: string;
        kind: unknown;
        startTimeUnixNano: string;
        endTimeUnixNano: string;
        attributes: KeyValue[];
        events?: { name: string; timeUnixNano: string }[];
        status?: { code?: unknown; message?: string };
      }[];
    }[];
  }[];
}

function readSpans(body: Buffer, isJson: boolean): ReceivedSpan[] {
  const message = (
    isJson
      ? JSON.parse(body.toString('utf8'))
      : ExportTraceServiceRequest.toObject(ExportTraceServiceRequest.decode(body), PLAIN)
  ) as TraceRequest;
  const id = (text: string) => (isJson ? text : Buffer.from(text, 'base64').toString('hex'));
  return (message.resourceSpans ?? []).flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        resource: toAttributes(resource.attributes),
        ...{ name: span.name, traceId: id(span.traceId), spanId: id(span.spanId) },
        parentSpanId: span.parentSpanId ? id(span.parentSpanId) : undefined,
        kind: span.kind,
        startMs: toMs(span.startTimeUnixNano),
        endMs: toMs(span.endTimeUnixNano),
        attributes: toAttributes(span.attributes),
        events: (span.events ?? []).map(({ name, timeUnixNano }) => ({
          ...{ name, atMs: toMs(timeUnixNano) },
        })),
        status: { code: Number(span.status?.code ?? 0), message: span.status?.message ?? '' },
      })),
    ),
  );
}

interface MetricsRequest {
  resourceMetrics?: {
    resource: { attributes: KeyValue[] };
    scopeMetrics: {
      metrics: {
        name: string;
        unit: string;
        histogram?: {
          aggregationTemporality: unknown;
          dataPoints: {
            attributes: KeyValue[];
            startTimeUnixNano: string;
            count: string | number;
            sum: number;
            explicitBounds: number[];
            bucketCounts: (string | number)[];
          }[];
        };
      }[];
    }[];
  }[];
}

function readPoints(body: Buffer, isJson: boolean): ReceivedPoint[] {
  const message = (
    isJson
      ? JSON.parse(body.toString('utf8'))
      : ExportMetricsServiceRequest.toObject(ExportMetricsServiceRequest.decode(body), PLAIN)
  ) as MetricsRequest;
  return (message.resourceMetrics ?? []).flatMap(({ resource, scopeMetrics }) =>
    scopeMetrics.flatMap(({ metrics }) =>
      metrics.flatMap(({ name, unit, histogram }) =>
        (histogram?.dataPoints ?? []).map((point) => ({
          resource: toAttributes(resource.attributes),
          ...{ metric: name, unit, attributes: toAttributes(point.attributes) },
          ...{ count: Number(point.count), sum: point.sum, bounds: point.explicitBounds },
          buckets: point.bucketCounts.map(Number),
          isCumulative: histogram?.aggregationTemporality === 2,
          startMs: toMs(point.startTimeUnixNano),
        })),
      ),
    ),
  );
}

const PLAIN = { longs: String, bytes: String } as const;
const toMs = (nanoseconds: string) => Number(BigInt(nanoseconds) / 1000n) / 1000;

function toAttributes(list: readonly KeyValue[] = []): Attributes {
  return Object.fromEntries(list.map(({ key, value }) => [key, toValue(value)]));
}

function toValue(value: AnyValue): unknown {
  if (value.arrayValue) return value.arrayValue.values.map(toValue);
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.doubleValue ?? value.boolValue;
}
