import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { version, type Logger } from '@llm-monitor/runtime';
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

import { createCallMetrics, type CallMetrics } from './call-metrics.ts';
import type { EndedCall } from './ended-call.ts';
import { toSpan } from './gen-ai-span.ts';
import type { OtlpSettings } from './otlp-config.ts';
import type { OtlpSender, Sent } from './otlp-sender.ts';
import { createRecentSet } from './recent-set.ts';
import { retryDelayMs } from './retry-delay.ts';

/** Each app is a resource of its own; the calls of further ones go under one name. */
const MAX_APPS = 200;
const OTHER = 'other';
/** Of calls that were sent: a repetition that comes soon is known. */
const MAX_REMEMBERED = 20_000;
/** While a collector takes nothing this is said again. */
const SAY_AGAIN_MS = 300_000;
const SCOPE = 'llm-monitor';

/** How it goes. */
export interface ExportState {
  /** Since the start: calls that the collector has, and that it refused for good. */
  sent: number;
  refused: number;
  /** Why nothing goes out at the moment, and since when; ms since 1970. */
  trouble: { reason: string; sinceMs: number } | undefined;
}

export interface CallExporter {
  /**
   * Resolves once the collector has the calls, or has refused them for good; until then it tries.
   * @throws when the signal aborts before
   */
  export(calls: readonly EndedCall[], signal: AbortSignal): Promise<void>;
  /** Says all figures again, now and then, so that they do not count as gone. One try. */
  repeatMetrics(): Promise<void>;
  state(): ExportState;
  close(): Promise<void>;
}

interface App {
  resource: Resource;
  metrics: CallMetrics;
}

export function createCallExporter(options: {
  settings: OtlpSettings;
  sender: OtlpSender;
  log: Logger;
  now(): number;
  /** Waits before the next try. */
  wait?(ms: number, signal: AbortSignal): Promise<void>;
}): CallExporter {
  const { settings, sender, log, now } = options;
  const wait = options.wait ?? ((ms, signal) => sleep(ms, undefined, { signal }));
  const scope = { name: SCOPE, version: version() };
  const instance = randomUUID();
  const apps = new Map<string, App>();
  const exported = createRecentSet(MAX_REMEMBERED);
  const state: ExportState = { sent: 0, refused: 0, trouble: undefined };
  let saidAtMs = 0;
  let metricsAtMs = now();

  const appOf = (name: string): App => {
    const key = apps.has(name) || apps.size < MAX_APPS ? name : OTHER;
    const known = apps.get(key);
    if (known) return known;
    const resource = resourceFromAttributes({
      ...settings.resourceAttributes,
      'service.name': settings.serviceName ?? key,
      'service.instance.id': instance,
    });
    const { temporality } = settings;
    const app = { resource, metrics: createCallMetrics({ resource, scope, temporality }) };
    apps.set(key, app);
    return app;
  };

  /** Tries until it is taken, or refused for good. */
  const deliver = async (
    what: string,
    send: () => Promise<Sent>,
    signal: AbortSignal,
  ): Promise<Exclude<Sent, { kind: 'later' }>> => {
    for (let failures = 1; ; failures++) {
      const sent = await send();
      signal.throwIfAborted();
      if (sent.kind !== 'later') {
        if (state.trouble) log.info({ what }, 'the OpenTelemetry collector answers again');
        state.trouble = undefined;
        sayRejected(what, sent);
        return sent;
      }
      sayTrouble(what, sent.reason);
      await wait(retryDelayMs(failures, sent.afterMs, Math.random()), signal);
    }
  };

  const sayTrouble = (what: string, reason: string) => {
    state.trouble = { reason, sinceMs: state.trouble?.sinceMs ?? now() };
    if (now() - saidAtMs < SAY_AGAIN_MS) return;
    saidAtMs = now();
    log.warn(
      { what, reason },
      'the OpenTelemetry collector takes nothing now; calls wait in NATS, for 72 hours at most',
    );
  };

  const sayRejected = (what: string, sent: Sent) => {
    if (sent.kind === 'taken' && (sent.rejected || sent.message)) {
      const { rejected = 0, message } = sent;
      log.warn({ what, rejected, message }, 'the OpenTelemetry collector rejected a part');
    } else if (sent.kind === 'refused') {
      const { reason } = sent;
      log.error({ what, reason }, 'the OpenTelemetry collector refuses these for good: dropped');
    }
  };

  /** A batch that is too large is sent in two; the collector knows best what is. */
  const deliverSpans = async (spans: ReadableSpan[], signal: AbortSignal): Promise<void> => {
    if (spans.length === 0) return;
    let isSplit = false;
    const send = async () => {
      const sent = await sender.sendSpans(spans);
      isSplit = sent.kind === 'refused' && sent.isTooLarge && spans.length > 1;
      return isSplit ? ({ kind: 'taken' } as const) : sent;
    };
    const sent = await deliver('spans', send, signal);
    if (isSplit) {
      const half = Math.ceil(spans.length / 2);
      await deliverSpans(spans.slice(0, half), signal);
      await deliverSpans(spans.slice(half), signal);
    } else if (sent.kind === 'refused') state.refused += spans.length;
    else state.sent += spans.length;
  };

  const deliverMetrics = async (touched: ReadonlySet<App>, signal: AbortSignal) => {
    for (const { metrics } of touched) {
      // Asked once: with delta temporality the figures are gone from there.
      const collected = await metrics.collect();
      await deliver('metrics', () => sender.sendMetrics(collected), signal);
    }
  };

  return {
    async export(calls, signal) {
      const fresh = calls.filter(
        (call) => (settings.hasDemo || !call.data.demo) && exported.isNew(keyOf(call)),
      );
      try {
        const touched = new Set(fresh.map(({ app }) => appOf(app)));
        const { hasMessages } = settings;
        const spans = fresh.map((call) =>
          toSpan(call, { resource: appOf(call.app).resource, scope, hasMessages }),
        );
        if (settings.tracesUrl) await deliverSpans(spans, signal);
        if (!settings.metricsUrl) return;
        for (const call of fresh) appOf(call.app).metrics.record(call);
        await deliverMetrics(touched, signal);
      } catch (error) {
        // They come again.
        for (const call of fresh) exported.forget(keyOf(call));
        throw error;
      }
    },

    async repeatMetrics() {
      if (!settings.metricsUrl || settings.temporality === 'delta') return;
      if (now() - metricsAtMs < settings.metricsIntervalMs) return;
      metricsAtMs = now();
      for (const { metrics } of apps.values()) {
        const sent = await sender.sendMetrics(await metrics.collect());
        if (sent.kind === 'later') return sayTrouble('metrics', sent.reason);
      }
      state.trouble = undefined;
    },

    state: () => state,
    async close() {
      await Promise.all([...apps.values()].map(({ metrics }) => metrics.close()));
      await sender.close();
    },
  };
}

/** An end that comes after the finding that none would come is another event of the same call. */
const keyOf = ({ app, data }: EndedCall) =>
  `${app}:${data.requestId}:${data.outcome === 'orphaned' ? 'orphan' : 'end'}`;
