import { STREAMS } from '@llm-monitor/contracts/bus';
import { DeliverPolicy, jetstream, type Consumer, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import type { RequestEvent } from '../../core/parse-event.ts';
import { createHold } from '../held-message.ts';
import { readEvent } from '../read-event.ts';

/** From where: after a sequence, or from a time on. */
export type ReplayStart = { afterSequence: number } | { sinceMs: number };

/**
 * Reads the request events that the stream holds from there to `through`, without touching the collectors' own consumer.
 * @param options.through what comes after this sequence was delivered to no collector yet
 * @param options.onBatch is awaited; one that rejects ends the replay
 * @returns how many events were read
 */
export async function replayEvents(options: {
  connection: NatsConnection;
  manager: JetStreamManager;
  from: ReplayStart;
  through: number;
  batchMax: number;
  onBatch(events: RequestEvent[]): Promise<void>;
}): Promise<number> {
  const { state } = await options.manager.streams.info(STREAMS.requests);
  const { from, onBatch } = options;
  const last = Math.min(state.last_seq, options.through);
  if (last === 0 || ('afterSequence' in from && from.afterSequence >= last)) return 0;
  const consumer = await openConsumer(options.connection, from);
  if ((await consumer.info()).num_pending === 0) return 0;
  const hold = createHold();
  let read = 0;
  let batch: RequestEvent[] = [];
  const messages = await consumer.consume({ max_messages: 2 * options.batchMax });
  try {
    for await (const message of messages) {
      const event = message.seq <= last ? readEvent(hold(message)) : undefined;
      // What cannot be read was dead-lettered when it first came.
      if (event && !('reason' in event)) batch.push(event);
      read++;
      const isLast = message.seq >= last || message.info.pending === 0;
      if (batch.length >= options.batchMax || isLast) {
        await onBatch(batch);
        batch = [];
      }
      if (isLast) break;
    }
  } finally {
    messages.stop();
    await consumer.delete().catch(() => undefined);
  }
  return read;
}

function openConsumer(connection: NatsConnection, from: ReplayStart): Promise<Consumer> {
  return jetstream(connection).consumers.get(
    STREAMS.requests,
    'afterSequence' in from
      ? { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: from.afterSequence + 1 }
      : {
          deliver_policy: DeliverPolicy.StartTime,
          opt_start_time: new Date(from.sinceMs).toISOString(),
        },
  );
}
