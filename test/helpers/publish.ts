import { SENT_AT_HEADER } from '@llm-monitor/contracts/events';
import { jetstream, type PubAck } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';

import type { Published } from './an-event.ts';

/** How a message is put on the bus. */
export interface PublishOptions {
  /** The producer's clock at the send; by default the event's own time, so that it counts as just happened. */
  sentAt?: Date;
  /** Without a message id the broker's own dedupe is out of play. */
  withoutId?: boolean;
}

/** Publishes events one after the other's send, and waits until the broker has stored them all. */
export async function publish(
  connection: NatsConnection,
  events: readonly Published[],
  options: PublishOptions = {},
): Promise<PubAck[]> {
  const client = jetstream(connection, { timeout: 20_000 });
  return Promise.all(
    events.map(({ subject, event }) => {
      const given = headers();
      given.set(SENT_AT_HEADER, options.sentAt?.toISOString() ?? event.time);
      return client.publish(subject, JSON.stringify(event), {
        headers: given,
        ...(options.withoutId ? {} : { msgID: event.id }),
      });
    }),
  );
}
