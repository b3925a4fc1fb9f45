import type { JsMsg } from '@nats-io/jetstream';

import { readDelivery, type Delivery } from '../core/read-delivery.ts';

/** How often a message was handed out, and since when the broker has it. The library has no public word for the subject that says so. */
export function deliveryOf(message: JsMsg): Delivery {
  const { reply } = message as unknown as { reply?: string };
  if (reply) return readDelivery(reply);
  const { deliveryCount, timestampNanos } = message.info;
  return { deliveries: deliveryCount, storedAtMs: Math.floor(timestampNanos / 1e6) };
}
