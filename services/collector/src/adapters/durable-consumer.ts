import type { Logger } from '@llm-monitor/runtime';
import {
  AckPolicy,
  DeliverPolicy,
  jetstream,
  JetStreamApiError,
  type ConsumerInfo,
  type ConsumerMessages,
  type JetStreamManager,
  type JsMsg,
  type StreamState,
} from '@nats-io/jetstream';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';

import type { Delivery } from '../core/read-delivery.ts';
import { deliveryOf } from './delivery-of.ts';

const RETRY_MS = 1000;
/**
 * A server says that a consumer is deleted before its files are. One of the same name that is made meanwhile has the state of the former
 * one (seen with nats-server 2.15): it would begin where that was, and not at the beginning.
 */
const DELETION_MS = 500;
/** A broker that is away does not answer. */
const DRAIN_MS = 1000;
/**
 * A nats-server before 2.9.16 may forget a request for messages without a word, when one arrives just as it expires. Then no signs of
 * life come, and after two that are missing the library asks again: by default half a minute later, in which nothing is collected.
 */
const SIGN_OF_LIFE_MS = 5000;
const CONSUMER_EXISTS = new Set([10_013, 10_105, 10_148]);

/** A durable pull consumer over a whole stream, shared by any number of processes. */
export interface DurableConsumer {
  /** What the broker says of it. */
  info(): Promise<ConsumerInfo>;
  /** What the broker says of its stream. */
  streamState(): Promise<StreamState>;
  /** Lets it begin anew, from the oldest message that the stream has: all collectors go on with the one that is made in its place. */
  renew(): Promise<void>;
  /** How many messages came that had been handed out before, since this was asked last. */
  takeRedeliveries(): number;
  stop(): Promise<void>;
}

export interface DurableConsumerOptions {
  connection: NatsConnection;
  manager: JetStreamManager;
  stream: string;
  durable: string;
  ackWaitMs: number;
  maxAckPending: number;
  /** Most messages that this process holds unhandled. */
  prefetch: number;
  /** How often the broker says that it still knows what it was asked for. */
  signOfLifeMs?: number;
  log: Logger;
  /** Creates the stream when it is not there (again). */
  ensureStream(): Promise<void>;
  /** Must not throw. */
  onMessage(message: JsMsg, delivery: Delivery): void;
}

/** Consumes until stopped. A consumer or stream that was deleted meanwhile is made again. */
export async function startDurableConsumer(
  options: DurableConsumerOptions,
): Promise<DurableConsumer> {
  let messages: ConsumerMessages | undefined;
  let stopped = false;
  let redeliveries = 0;
  await ensureConsumer(options);

  const consume = async () => {
    const consumer = await jetstream(options.connection).consumers.get(
      options.stream,
      options.durable,
    );
    messages = await consumer.consume({
      max_messages: options.prefetch,
      idle_heartbeat: options.signOfLifeMs ?? SIGN_OF_LIFE_MS,
      callback: (message) => {
        // A throw in here would end the consumption for good.
        try {
          const delivery = deliveryOf(message);
          if (delivery.deliveries > 1) redeliveries += 1;
          options.onMessage(message, delivery);
        } catch (err) {
          options.log.error({ err }, 'a message could not be taken');
        }
      },
    });
    return watch(messages);
  };

  const watch = async (current: ConsumerMessages) => {
    for await (const { type } of current.status()) {
      if (
        type === 'consumer_deleted' ||
        type === 'consumer_not_found' ||
        type === 'stream_not_found'
      ) {
        options.log.warn({ reason: type }, 'the consumer is gone; making it again');
        break;
      }
    }
    current.stop();
    await current.closed();
  };

  const keepConsuming = async () => {
    while (!stopped) {
      try {
        await consume();
        if (stopped) return;
        await new Promise((resolve) => setTimeout(resolve, DELETION_MS));
        await ensureConsumer(options);
      } catch (err) {
        if (stopped) return;
        options.log.warn({ err }, 'cannot consume; trying again');
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        await ensureConsumer(options).catch(() => undefined);
      }
    }
  };
  void keepConsuming();

  return {
    info: () => options.manager.consumers.info(options.stream, options.durable),
    streamState: async () => (await options.manager.streams.info(options.stream)).state,
    renew: () => deleteConsumer(options),
    takeRedeliveries() {
      const taken = redeliveries;
      redeliveries = 0;
      return taken;
    },
    async stop() {
      stopped = true;
      if (messages) await drain(messages);
      messages?.stop();
      await messages?.closed();
    },
  };
}

/**
 * Takes what the broker has sent already. `stop()` alone forgets it, and it would be delivered to nobody before `ackWaitMs` is over.
 * The library has no public word for the subscription behind its messages.
 */
async function drain(messages: ConsumerMessages): Promise<void> {
  const { sub } = messages as unknown as { sub?: Subscription };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, DRAIN_MS);
  });
  await Promise.race([sub?.drain().catch(() => undefined), late]);
  clearTimeout(timer);
}

async function ensureConsumer(options: DurableConsumerOptions): Promise<void> {
  await options.ensureStream();
  await addConsumer(options);
  const { manager, stream, durable } = options;
  const info = await manager.consumers.info(stream, durable);
  const { state } = await manager.streams.info(stream);
  // The servers of a cluster may disagree for a moment: there the next look decides.
  if (info.cluster || !isAhead(info, state)) return;
  await deleteConsumer(options);
  await new Promise((resolve) => setTimeout(resolve, DELETION_MS));
  await addConsumer(options);
}

/**
 * Does it wait for messages that the stream has yet to get, though it had some of that number? The stream then forgot its last ones, as in
 * a power cut, and what is published next would be taken for them and handed out to nobody.
 */
export function isAhead(info: ConsumerInfo, state: StreamState): boolean {
  return info.delivered.stream_seq > state.last_seq;
}

async function deleteConsumer({ manager, stream, durable, log }: DurableConsumerOptions) {
  log.warn({ stream }, 'the stream forgot its last events: all that it has is read again');
  await manager.consumers.delete(stream, durable).catch((err: unknown) => {
    log.error(
      { err, stream, durable },
      'the consumer cannot be removed: what comes is not collected',
    );
  });
}

async function addConsumer(options: DurableConsumerOptions): Promise<void> {
  const changeable = {
    ack_wait: options.ackWaitMs * 1e6,
    max_ack_pending: options.maxAckPending,
  };
  try {
    await options.manager.consumers.add(options.stream, {
      durable_name: options.durable,
      ack_policy: AckPolicy.Explicit,
      deliver_policy: DeliverPolicy.All,
      max_deliver: -1,
      ...changeable,
    });
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || !CONSUMER_EXISTS.has(error.code)) throw error;
    await options.manager.consumers.update(options.stream, options.durable, changeable);
  }
}
