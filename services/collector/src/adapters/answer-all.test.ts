import type { NatsConnection } from '@nats-io/transport-node';
import { expect, test } from 'vitest';

import { answerAll } from './answer-all.ts';
import type { HeldMessage } from './held-message.ts';

/** Messages that are answered there, with their bytes one behind the other. */
function held(...replies: string[]): HeldMessage[] {
  const bytes = Buffer.from(replies.map((reply) => `${reply}{}`).join(''));
  let at = 0;
  return replies.map((reply) => {
    const replyAt = at;
    const headAt = at + reply.length;
    at = headAt + 2;
    const places = { replyAt, headAt, bodyAt: headAt, endAt: at };
    return { subject: 'a', storedAtMs: 1, bytes, ...places, isAnswered: false };
  });
}

function aConnection(sent: string[], state: { isOpen: boolean; takesCommands: boolean }) {
  const sendCommand = (bytes: Uint8Array) => sent.push(Buffer.from(bytes).toString());
  return {
    protocol: state.takesCommands ? { sendCommand } : {},
    isClosed: () => !state.isOpen,
    isDraining: () => false,
    publish: (subject: string, answer: string) => sent.push(`${subject} ${answer}`),
  } as unknown as NatsConnection;
}

test('the answers to a batch are one command after the other in one piece, each message is acked once', () => {
  const sent: string[] = [];
  const connection = aConnection(sent, { isOpen: true, takesCommands: true });
  const messages = held('$JS.ACK.a.1', '$JS.ACK.b.22');
  answerAll(connection, messages, '+WPI');
  answerAll(connection, messages.slice(0, 1), '+TERM');
  answerAll(connection, messages, '+ACK');
  answerAll(connection, messages, '+WPI');
  expect(sent).toEqual([
    'PUB $JS.ACK.a.1 4\r\n+WPI\r\nPUB $JS.ACK.b.22 4\r\n+WPI\r\n',
    'PUB $JS.ACK.a.1 5\r\n+TERM\r\n',
    'PUB $JS.ACK.b.22 4\r\n+ACK\r\n',
  ]);
});

test('where the library takes no bytes, each is published, and nothing on a connection that ended', () => {
  const sent: string[] = [];
  answerAll(aConnection(sent, { isOpen: true, takesCommands: false }), held('one', 'two'), '+ACK');
  answerAll(aConnection(sent, { isOpen: false, takesCommands: false }), held('three'), '+WPI');
  expect(sent).toEqual(['one +ACK', 'two +ACK']);
});

test('nothing to answer is nothing to send', () => {
  const sent: string[] = [];
  answerAll(aConnection(sent, { isOpen: true, takesCommands: true }), [], '+ACK');
  expect(sent).toEqual([]);
});
