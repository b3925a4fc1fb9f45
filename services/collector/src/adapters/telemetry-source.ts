import { ALL_PROGRESS, CONSUMERS, PROGRESS_QUEUE, STREAMS } from '@llm-monitor/contracts/bus';
import { SENT_AT_HEADER, type ProgressData } from '@llm-monitor/contracts/events';
import { requestMember } from '@llm-monitor/contracts/redis';
import type { Logger } from '@llm-monitor/runtime';
import type { JetStreamManager, JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { createBatcher } from '../core/batcher.ts';
import { parseProgress, parseTelemetry } from '../core/parse-telemetry.ts';
import { deliveryOf } from './delivery-of.ts';
import { startDurableConsumer, type DurableConsumer } from './durable-consumer.ts';
import { readHeader } from './read-header.ts';
import { isStoreAway } from './store-away.ts';
import type { TelemetryStore } from './telemetry-store.ts';

/** Progress of one call is written at most once in this time. */
const PROGRESS_INTERVAL_MS = 1000;
const MAX_PROGRESS = 10_000;

export interface TelemetrySourceOptions {
  connection: NatsConnection;
  manager: JetStreamManager;
  store: TelemetryStore;
  ackWaitMs: number;
  maxAckPending: number;
  log: Logger;
  ensureStream(): Promise<void>;
  /** Told of every try to keep something: did the store take it? */
  onApplied(taken: boolean): void;
}

/** Moves heartbeats, host samples and lists of models into the store. Newer ones heal what an error loses. */
export async function startTelemetrySource(
  options: TelemetrySourceOptions,
): Promise<DurableConsumer> {
  const batcher = createBatcher<JsMsg>({
    max: 100,
    inFlight: 1,
    async work(messages) {
      await Promise.all(messages.map((message) => take(message, options)));
    },
  });
  const consumer = await startDurableConsumer({
    ...options,
    stream: STREAMS.telemetry,
    durable: CONSUMERS.telemetry,
    prefetch: 200,
    onMessage: (message) => batcher.add(message),
  });
  return consumer;
}

async function take(message: JsMsg, options: TelemetrySourceOptions): Promise<void> {
  const telemetry = parseTelemetry(message.subject, message.data);
  const atMs = deliveryOf(message).storedAtMs;
  const sentAtMs = Date.parse(readHeader(message, SENT_AT_HEADER) ?? '');
  try {
    if (telemetry) {
      const skewMs = Number.isNaN(sentAtMs) ? 0 : sentAtMs - atMs;
      await options.store.apply(telemetry, { atMs, skewMs });
    }
    message.ack();
    options.onApplied(true);
  } catch (error) {
    // Not acked while the store is away: it comes again. What cannot be kept at all must not come for ever.
    if (isStoreAway(error) && !(error instanceof TypeError || error instanceof URIError)) {
      options.onApplied(false);
    } else message.ack();
  }
}

/** Keeps the last progress of running calls, shared among the collectors in a queue group. */
export function startProgressSource(options: {
  connection: NatsConnection;
  store: TelemetryStore;
  nowMs(): number;
}): { stop(): void } {
  const dirty = new Map<string, { app: string; data: ProgressData; atMs: number }>();
  const subscription = options.connection.subscribe(ALL_PROGRESS, {
    queue: PROGRESS_QUEUE,
    callback: (error, message) => {
      if (error || dirty.size >= MAX_PROGRESS) return;
      const progress = parseProgress(message.subject, message.data);
      if (!progress) return;
      const member = requestMember(progress.app, progress.data.requestId);
      dirty.set(member, { ...progress, atMs: options.nowMs() });
    },
  });
  const timer = setInterval(() => {
    if (dirty.size === 0) return;
    const progress = [...dirty.values()];
    dirty.clear();
    // Lossy by design: the next one is a second away.
    options.store.keepProgress(progress).catch(() => undefined);
  }, PROGRESS_INTERVAL_MS);
  return {
    stop() {
      clearInterval(timer);
      subscription.unsubscribe();
    },
  };
}
