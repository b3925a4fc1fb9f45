import type { JsMsg } from '@nats-io/jetstream';

import { readDelivery, type Delivery } from '../core/read-delivery.ts';
import { replyBytes } from './kept-message.ts';

/** How often a message was handed out, and since when the broker has it. */
export function deliveryOf(message: JsMsg): Delivery {
  const reply = replyBytes(message);
  if (reply) return readDelivery(reply);
  const { deliveryCount, timestampNanos } = message.info;
  return { deliveries: deliveryCount, storedAtMs: Math.floor(timestampNanos / 1e6) };
}
