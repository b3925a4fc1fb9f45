import type { JsMsg } from '@nats-io/jetstream';

import { markAcked, replyBytes, sendCommand } from './kept-message.ts';

const BEFORE_REPLY = Buffer.from('PUB ');
const AFTER_REPLY = Buffer.from(' 4\r\n+ACK\r\n');

/**
 * Acks the messages of a batch, all of one connection, by one piece of bytes: the library would make a command of its own of each, which
 * costs as much as to fold an event.
 */
export function ackAll(messages: readonly JsMsg[]): void {
  const [first] = messages;
  const command = first && ackCommand(messages);
  if (!command || !sendCommand(first, command)) {
    for (const message of messages) message.ack();
    return;
  }
  for (const message of messages) markAcked(message);
}

/** Undefined when the library does not keep where they are acked. */
function ackCommand(messages: readonly JsMsg[]): Uint8Array | undefined {
  let length = messages.length * (BEFORE_REPLY.length + AFTER_REPLY.length);
  for (const message of messages) {
    const reply = replyBytes(message);
    if (!reply) return undefined;
    length += reply.length;
  }
  const command = new Uint8Array(length);
  let at = 0;
  const put = (bytes: Uint8Array) => {
    command.set(bytes, at);
    at += bytes.length;
  };
  for (const message of messages) {
    put(BEFORE_REPLY);
    put(replyBytes(message) as Uint8Array);
    put(AFTER_REPLY);
  }
  return command;
}
