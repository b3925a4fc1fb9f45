import {
  jetstream,
  type ConsumerInfo,
  type ConsumerMessages,
  type JsMsg,
  type StreamState,
} from '@nats-io/jetstream';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';

import type { Delivery } from '../core/read-delivery.ts';
import { deliveryOf } from './delivery-of.ts';
import {
  deleteConsumer,
  DELETION_MS,
  ensureConsumer,
  type ConsumerPlace,
} from './ensure-consumer.ts';

const RETRY_MS = 1000;
/** A broker that is away does not answer. */
const DRAIN_MS = 1000;
/**
 * A nats-server before 2.9.16 may forget a request for messages without a word, when one arrives just as it expires. Then no signs of
 * life come, and after two that are missing the library asks again: by default half a minute later, in which nothing is collected.
 */
const SIGN_OF_LIFE_MS = 5000;

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

export interface DurableConsumerOptions extends ConsumerPlace {
  connection: NatsConnection;
  /** Most messages that this process holds unhandled. */
  prefetch: number;
  /** How often the broker says that it still knows what it was asked for. */
  signOfLifeMs?: number;
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
