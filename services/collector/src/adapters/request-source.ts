import { CONSUMERS, STREAMS } from '@llm-monitor/contracts/bus';
import type { Logger } from '@llm-monitor/runtime';
import { jetstream, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { createBatcher } from '../core/batcher.ts';
import type { Refusal, RequestEvent } from '../core/parse-event.ts';
import { answerAll } from './answer-all.ts';
import { deadLetter } from './dead-letters.ts';
import { createHold, type HeldMessage } from './held-message.ts';
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
  const letterbox = { connection: options.connection, jetstream: jetstream(options.connection) };
  const hold = createHold();
  let closing = false;

  const applyUntilDone = async (messages: HeldMessage[], read: ReadEvents): Promise<void> => {
    for (let attempt = 1; !closing; attempt++) {
      try {
        await store.apply(read);
        answerAll(options.connection, messages, '+ACK');
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
  const applyApart = async (messages: HeldMessage[], error: Error): Promise<void> => {
    const [first] = messages;
    if (first && messages.length === 1) {
      await deadLetter(letterbox, first, { reason: 'invalid-event', detail: error.message }, log);
      return;
    }
    const half = Math.ceil(messages.length / 2);
    for (const part of [messages.slice(0, half), messages.slice(half)]) {
      await applyUntilDone(part, () => readAll(part));
    }
  };

  const batcher = createBatcher<HeldMessage>({
    max: options.batchMax,
    inFlight: BATCHES_IN_FLIGHT,
    async work(messages) {
      const letters: Promise<void>[] = [];
      const { usable, read } = readUsable(messages, (message, refusal) =>
        letters.push(deadLetter(letterbox, message, refusal, log)),
      );
      if (usable.length > 0) await applyUntilDone(usable, read);
      await Promise.all(letters);
    },
  });

  // Tell the broker that held messages are still being worked on, or it would deliver them again and again.
  const keepAlive = setInterval(
    () => answerAll(options.connection, batcher.all(), '+WPI'),
    options.ackWaitMs / 3,
  );

  const consumer = await startDurableConsumer({
    ...options,
    stream: STREAMS.requests,
    durable: CONSUMERS.requests,
    prefetch: options.batchMax * (BATCHES_IN_FLIGHT + 1),
    onMessage: (message, delivery) => batcher.add(hold(message, delivery)),
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
  messages: readonly HeldMessage[],
  refuse: (message: HeldMessage, refusal: Refusal) => void,
): { usable: HeldMessage[]; read: ReadEvents } {
  const usable: HeldMessage[] = [];
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

function readAll(usable: readonly HeldMessage[]): RequestEvent[] {
  return usable.map((message) => readEvent(message) as RequestEvent);
}
