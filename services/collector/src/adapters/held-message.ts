import { SENT_AT_HEADER } from '@llm-monitor/contracts/events';
import type { JsMsg } from '@nats-io/jetstream';

import type { Delivery } from '../core/read-delivery.ts';
import { deliveryOf } from './delivery-of.ts';
import { contentBytes, replyBytes, replyText } from './kept-message.ts';
import { findHeader, readHeader } from './read-header.ts';

/** Some hundred messages; one that is larger gets bytes of its own. */
const SHARED_BYTES = 128 * 1024;

/**
 * A message while it waits for the store: one object, and its bytes among those of others. The library's own is seven views and objects,
 * which the collection of garbage would copy twice, and keeps alive what the socket brought with it.
 */
export interface HeldMessage {
  readonly subject: string;
  /** When the broker stored it, whole ms since 1970. */
  readonly storedAtMs: number;
  /** Where it is answered, its headers and its body, one behind the other, from these places on. */
  readonly bytes: Buffer;
  readonly replyAt: number;
  readonly headAt: number;
  readonly bodyAt: number;
  readonly endAt: number;
  /** It was acked or refused: nobody must say of it any more that it is worked on. */
  isAnswered: boolean;
}

/** Makes them of the library's messages, of which nothing is needed any more then. */
export function createHold(): (message: JsMsg, delivery?: Delivery) => HeldMessage {
  let bytes = Buffer.alloc(0);
  let used = 0;
  return (message, { storedAtMs } = deliveryOf(message)) => {
    const reply = replyBytes(message) ?? Buffer.from(replyText(message));
    const { content, headLength } = contentBytes(message) ?? askLibrary(message);
    const length = reply.length + content.length;
    if (used + length > bytes.length) {
      bytes = Buffer.allocUnsafeSlow(Math.max(SHARED_BYTES, length));
      used = 0;
    }
    const replyAt = used;
    const headAt = replyAt + reply.length;
    used += length;
    bytes.set(reply, replyAt);
    bytes.set(content, headAt);
    return {
      subject: message.subject,
      storedAtMs,
      bytes,
      replyAt,
      headAt,
      bodyAt: headAt + headLength,
      endAt: used,
      isAnswered: false,
    };
  };
}

/** As it would come, with the one header that counts. */
function askLibrary(message: JsMsg): { content: Uint8Array; headLength: number } {
  const sentAt = readHeader(message, SENT_AT_HEADER);
  const head = Buffer.from(sentAt === undefined ? '' : `\r\n${SENT_AT_HEADER}: ${sentAt}\r\n`);
  return { content: Buffer.concat([head, message.data]), headLength: head.length };
}

/** Where it is answered. */
export function replyOf({ bytes, replyAt, headAt }: HeldMessage): Uint8Array {
  return bytes.subarray(replyAt, headAt);
}

export function bodyOf({ bytes, bodyAt, endAt }: HeldMessage): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + bodyAt, endAt - bodyAt);
}

/** The producer's clock when it was sent, as it wrote it. */
export function sentAtOf({ bytes, headAt, bodyAt }: HeldMessage): string | undefined {
  return findHeader(bytes.toString('latin1', headAt, bodyAt), SENT_AT_HEADER);
}
