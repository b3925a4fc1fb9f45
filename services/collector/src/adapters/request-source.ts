import { CONSUMERS, STREAMS } from '@llm-monitor/contracts/bus';
import { SENT_AT_HEADER } from '@llm-monitor/contracts/events';
import type { Logger } from '@llm-monitor/runtime';
import { jetstream, type JetStreamManager, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { createBatcher } from '../core/batcher.ts';
import { parseEvent, type RequestEvent } from '../core/parse-event.ts';
import { deadLetter } from './dead-letters.ts';
import { deliveryOf } from './delivery-of.ts';
import { startDurableConsumer, type DurableConsumer } from './durable-consumer.ts';
import { readHeader } from './read-header.ts';
import type { RequestStore } from './request-store.ts';
import { isStoreAway } from './store-away.ts';

const RETRY_MS = 250;
const BATCHES_IN_FLIGHT = 2;

export interface RequestSourceOptions {
  connection: NatsConnection;
  manager: JetStreamManager;
  store: RequestStore;
  ackWaitMs: number;
  maxAckPending: number;
  batchMax: number;
  log: Logger;
  ensureStream(): Promise<void>;
  /** Told of every try to apply a batch: did the store take it? */
  onApplied(taken: boolean): void;
}

/** A message and what it says. */
interface Pair {
  message: JsMsg;
  event: RequestEvent;
}

/** Moves request events from the stream into the store, and acks what was applied. */
export async function startRequestSource(options: RequestSourceOptions): Promise<DurableConsumer> {
  const { log, store } = options;
  const client = jetstream(options.connection);
  const held = new Set<JsMsg>();
  let closing = false;

  const applyUntilDone = async (pairs: Pair[]): Promise<void> => {
    for (let attempt = 1; !closing; attempt++) {
      try {
        await store.apply(pairs.map(({ event }) => event));
        for (const { message } of pairs) message.ack();
        options.onApplied(true);
        if (attempt > 1) log.info({ events: pairs.length }, 'the held batch is applied');
        return;
      } catch (error) {
        if (!isStoreAway(error)) return applyApart(pairs, error as Error);
        options.onApplied(false);
        // The batch is held, never given back: the store is away for all collectors alike.
        if (attempt === 1) {
          log.warn({ err: (error as Error).message }, 'the store takes no batch; holding it');
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };

  /** An event that passes the schema and still cannot be applied must not hold the others: halve until it stands alone. */
  const applyApart = async (pairs: Pair[], error: Error): Promise<void> => {
    const [first] = pairs;
    if (first && pairs.length === 1) {
      await deadLetter(
        client,
        first.message,
        { reason: 'invalid-event', detail: error.message },
        log,
      );
      return;
    }
    const half = Math.ceil(pairs.length / 2);
    await applyUntilDone(pairs.slice(0, half));
    await applyUntilDone(pairs.slice(half));
  };

  const batcher = createBatcher<JsMsg>({
    max: options.batchMax,
    inFlight: BATCHES_IN_FLIGHT,
    async work(messages) {
      const pairs: Pair[] = [];
      const letters: Promise<void>[] = [];
      for (const message of messages) {
        const parsed = parseEvent({
          subject: message.subject,
          body: message.data,
          sentAt: readHeader(message, SENT_AT_HEADER),
          brokerTimeMs: deliveryOf(message).storedAtMs,
        });
        if ('reason' in parsed) letters.push(deadLetter(client, message, parsed, log));
        else pairs.push({ message, event: parsed });
      }
      if (pairs.length > 0) await applyUntilDone(pairs);
      await Promise.all(letters);
      for (const message of messages) held.delete(message);
    },
  });

  // Tell the broker that held messages are still being worked on, or it would deliver them again and again.
  const keepAlive = setInterval(() => {
    for (const message of held) message.working();
  }, options.ackWaitMs / 3);

  const consumer = await startDurableConsumer({
    ...options,
    stream: STREAMS.requests,
    durable: CONSUMERS.requests,
    prefetch: options.batchMax * (BATCHES_IN_FLIGHT + 1),
    onMessage(message) {
      held.add(message);
      batcher.add(message);
    },
  });
  return {
    ...consumer,
    async stop() {
      await consumer.stop();
      // What does not end in time is delivered again to another collector: nothing is lost.
      await Promise.race([batcher.idle(), new Promise((resolve) => setTimeout(resolve, 3000))]);
      closing = true;
      clearInterval(keepAlive);
    },
  };
}
