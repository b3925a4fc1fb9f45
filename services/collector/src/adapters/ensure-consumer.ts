import type { Logger } from '@llm-monitor/runtime';
import {
  AckPolicy,
  DeliverPolicy,
  JetStreamApiError,
  type ConsumerInfo,
  type JetStreamManager,
  type StreamState,
} from '@nats-io/jetstream';

/** A durable pull consumer, and the stream that it is of. */
export interface ConsumerPlace {
  manager: JetStreamManager;
  stream: string;
  durable: string;
  ackWaitMs: number;
  maxAckPending: number;
  log: Logger;
  /** Creates the stream when it is not there (again). */
  ensureStream(): Promise<void>;
}

/**
 * A server says that a consumer is deleted before its files are. One of the same name that is made meanwhile has the state of the former
 * one (seen with nats-server 2.15): it would begin where that was, and not at the beginning.
 */
export const DELETION_MS = 500;
const CONSUMER_EXISTS = new Set([10_013, 10_105, 10_148]);

/** Makes the stream and the consumer where they are missing, and the consumer anew where the stream forgot what it had handed out. */
export async function ensureConsumer(options: ConsumerPlace): Promise<void> {
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

/** Removes it where the stream forgot its last events: whoever consumes makes it again. */
export async function deleteConsumer({ manager, stream, durable, log }: ConsumerPlace) {
  log.warn({ stream }, 'the stream forgot its last events: all that it has is read again');
  await manager.consumers.delete(stream, durable).catch((err: unknown) => {
    log.error(
      { err, stream, durable },
      'the consumer cannot be removed: what comes is not collected',
    );
  });
}

async function addConsumer(options: ConsumerPlace): Promise<void> {
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
