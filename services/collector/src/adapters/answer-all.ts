import type { NatsConnection } from '@nats-io/transport-node';

import { replyOf, type HeldMessage } from './held-message.ts';
import { sendCommand } from './kept-message.ts';

/** What the broker is told of a message: it is done, it is worked on, it is not to come again. */
export type Answer = '+ACK' | '+WPI' | '+TERM';

const BEFORE_REPLY = Buffer.from('PUB ');

/**
 * Answers messages, all of one connection, by one piece of bytes: the library would make a command of its own of each, which costs as much as
 * to fold an event. Those that were acked or refused before are left out.
 */
export function answerAll(
  connection: NatsConnection,
  messages: readonly HeldMessage[],
  answer: Answer,
): void {
  const open = messages.filter(({ isAnswered }) => !isAnswered);
  if (open.length === 0) return;
  if (!sendCommand(connection, commandOf(open, answer))) publishAll(connection, open, answer);
  if (answer === '+WPI') return;
  for (const message of open) message.isAnswered = true;
}

function commandOf(messages: readonly HeldMessage[], answer: Answer): Uint8Array {
  const afterReply = Buffer.from(` ${answer.length}\r\n${answer}\r\n`);
  let length = messages.length * (BEFORE_REPLY.length + afterReply.length);
  for (const { replyAt, headAt } of messages) length += headAt - replyAt;
  const command = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (const { bytes, replyAt, headAt } of messages) {
    command.set(BEFORE_REPLY, at);
    at += BEFORE_REPLY.length;
    at += bytes.copy(command, at, replyAt, headAt);
    command.set(afterReply, at);
    at += afterReply.length;
  }
  return command;
}

/** One by one, where the library takes no bytes. On a connection that ends nothing is told: what is not acked comes again. */
function publishAll(
  connection: NatsConnection,
  messages: readonly HeldMessage[],
  answer: Answer,
): void {
  if (connection.isClosed() || connection.isDraining()) return;
  for (const message of messages) {
    connection.publish(Buffer.from(replyOf(message)).toString('latin1'), answer);
  }
}
