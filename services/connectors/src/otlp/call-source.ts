import type { Logger } from '@llm-monitor/runtime';
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { createCallConsumer } from './call-consumer.ts';

const BATCH = 256;
/** So long a batch is waited for; at most that old a call is when it goes out. */
const GATHER_MS = 1000;
/** One batch and the next: nothing else is held. */
const MAX_ACK_PENDING = 2 * BATCH;
const RETRY_MS = 1000;

/** What waits in the stream. */
export interface Waiting {
  events: number;
}

export interface CallSource {
  waiting(): Promise<Waiting | undefined>;
  /** When the stream was found to have forgotten its end, ms since 1970: calls of it that were not handed on are lost. */
  forgottenAtMs(): number | undefined;
  stop(): Promise<void>;
}

/**
 * Reads the stream of requests by the durable consumer of the connectors, one batch after the other. A batch is acknowledged once `take` is
 * done with it; if it throws, or the process ends before, the batch is delivered again.
 */
export function startCallSource(options: {
  bus: NatsConnection;
  log: Logger;
  /** The broker delivers again what was not acknowledged for so long: its reader is gone. */
  ackWaitMs: number;
  take(messages: readonly JsMsg[], signal: AbortSignal): Promise<void>;
  /** At the latest as often as batches may come. */
  onIdle(): Promise<void>;
}): CallSource {
  const { bus, log } = options;
  const stopping = new AbortController();
  const calls = createCallConsumer({ ...options, maxAckPending: MAX_ACK_PENDING });
  let consumer: Consumer | undefined;
  let gathering: ConsumerMessages | undefined;

  const takeBatch = async (from: Consumer) => {
    const messages: JsMsg[] = [];
    gathering = await from.fetch({ max_messages: BATCH, expires: GATHER_MS });
    for await (const message of gathering) messages.push(message);
    if (messages.length === 0) {
      await calls.note(true);
      return await options.onIdle();
    }
    // A collector at the other end may be away for hours: nobody else is to get the batch meanwhile.
    const hold = () => {
      if (!bus.isClosed()) for (const message of messages) message.working();
    };
    const timer = setInterval(hold, options.ackWaitMs / 3);
    try {
      stopping.signal.throwIfAborted();
      await options.take(messages, stopping.signal);
      for (const message of messages) message.ack();
    } catch (error) {
      // Whoever comes next gets them at once.
      for (const message of messages) message.nak();
      throw error;
    } finally {
      clearInterval(timer);
    }
    await calls.note(false);
  };

  const loop = async () => {
    let hasSaid = false;
    while (!stopping.signal.aborted) {
      try {
        consumer = await calls.current();
        await takeBatch(consumer);
        hasSaid = false;
      } catch (err) {
        if (stopping.signal.aborted) return;
        calls.doubt();
        if (!hasSaid) log.warn({ err }, 'calls cannot be read from NATS now; trying again');
        hasSaid = true;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };
  const ended = loop();

  return {
    async waiting() {
      const info = await consumer?.info();
      return info && { events: info.num_pending + info.num_ack_pending };
    },
    forgottenAtMs: calls.forgottenAtMs,
    async stop() {
      stopping.abort();
      gathering?.stop();
      await ended;
      await calls.note(true);
      // What was acknowledged is to arrive.
      await bus.flush().catch(() => undefined);
    },
  };
}
