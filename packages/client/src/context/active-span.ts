interface SpanContext {
  traceId: string;
  spanId: string;
  traceFlags: number;
}

interface OpenTelemetryApi {
  context?: {
    active?(): { getValue?(key: symbol): { spanContext?(): SpanContext } | undefined };
  };
}

// Where @opentelemetry/api 1.x keeps what a program has registered; so it need not be installed to be respected.
const API = Symbol.for('opentelemetry.js.api.1');
const SPAN = Symbol.for('OpenTelemetry Context Key SPAN');

/** The W3C `traceparent` of OpenTelemetry's active span; undefined when there is none. */
export function activeTraceparent(): string | undefined {
  const api = (globalThis as unknown as Record<symbol, OpenTelemetryApi | undefined>)[API];
  if (!api) return undefined;
  const span = api.context?.active?.().getValue?.(SPAN);
  const of = span?.spanContext?.();
  if (!of || /^0*$/.test(of.traceId)) return undefined;
  const flags = (of.traceFlags & 0xff).toString(16).padStart(2, '0');
  return `00-${of.traceId}-${of.spanId}-${flags}`;
}
