import { CONSUMERS, STREAMS } from '@llm-monitor/contracts/bus';
import type { Logger } from '@llm-monitor/runtime';
import { jetstream, type JetStreamManager, type JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { createBatcher } from '../core/batcher.ts';
import type { Refusal, RequestEvent } from '../core/parse-event.ts';
import { ackAll } from './ack-all.ts';
import { deadLetter } from './dead-letters.ts';
import { startDurableConsumer, type DurableConsumer } from './durable-consumer.ts';
import { readEvent } from './read-event.ts';
import type { ReadEvents, RequestStore } from './request-store.ts';
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

/** Moves request events from the stream into the store, and acks what was applied. */
export async function startRequestSource(options: RequestSourceOptions): Promise<DurableConsumer> {
  const { log, store } = options;
  const client = jetstream(options.connection);
  let closing = false;

  const applyUntilDone = async (messages: JsMsg[], read: ReadEvents): Promise<void> => {
    for (let attempt = 1; !closing; attempt++) {
      try {
        await store.apply(read);
        ackAll(messages);
        options.onApplied(true);
        if (attempt > 1) log.info({ events: messages.length }, 'the held batch is applied');
        return;
      } catch (error) {
        if (!isStoreAway(error)) return applyApart(messages, error as Error);
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
  const applyApart = async (messages: JsMsg[], error: Error): Promise<void> => {
    const [first] = messages;
    if (first && messages.length === 1) {
      await deadLetter(client, first, { reason: 'invalid-event', detail: error.message }, log);
      return;
    }
    const half = Math.ceil(messages.length / 2);
    for (const part of [messages.slice(0, half), messages.slice(half)]) {
      await applyUntilDone(part, () => readAll(part));
    }
  };

  const batcher = createBatcher<JsMsg>({
    max: options.batchMax,
    inFlight: BATCHES_IN_FLIGHT,
    async work(messages) {
      const letters: Promise<void>[] = [];
      const { usable, read } = readUsable(messages, (message, refusal) =>
        letters.push(deadLetter(client, message, refusal, log)),
      );
      if (usable.length > 0) await applyUntilDone(usable, read);
      await Promise.all(letters);
    },
  });

  // Tell the broker that held messages are still being worked on, or it would deliver them again and again.
  const keepAlive = setInterval(
    () => batcher.forEach((message) => message.working()),
    options.ackWaitMs / 3,
  );

  const consumer = await startDurableConsumer({
    ...options,
    stream: STREAMS.requests,
    durable: CONSUMERS.requests,
    prefetch: options.batchMax * (BATCHES_IN_FLIGHT + 1),
    onMessage: (message) => batcher.add(message),
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

/** The messages that can be used. Their events are there for the first who asks; later they are read from the messages again. */
function readUsable(
  messages: readonly JsMsg[],
  refuse: (message: JsMsg, refusal: Refusal) => void,
): { usable: JsMsg[]; read: ReadEvents } {
  const usable: JsMsg[] = [];
  let events: RequestEvent[] | undefined = [];
  for (const message of messages) {
    const event = readEvent(message);
    if ('reason' in event) refuse(message, event);
    else {
      usable.push(message);
      events.push(event);
    }
  }
  return {
    usable,
    read() {
      const first = events;
      events = undefined;
      return first ?? readAll(usable);
    },
  };
}

function readAll(usable: readonly JsMsg[]): RequestEvent[] {
  return usable.map((message) => readEvent(message) as RequestEvent);
}
