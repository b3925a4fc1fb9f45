import type { JsMsg } from '@nats-io/jetstream';
import { expect, test } from 'vitest';

import { ackAll } from './ack-all.ts';

/** As the library keeps it, and what it was told. */
function aMessage(reply: string, sent: string[], acked: string[]) {
  return {
    didAck: false,
    msg: {
      _msg: { hdr: -1, reply: Buffer.from(reply) },
      publisher: { sendCommand: (bytes: Uint8Array) => sent.push(Buffer.from(bytes).toString()) },
    },
    ack: () => acked.push(reply),
  };
}
const asMessages = (messages: unknown[]) => messages as JsMsg[];

test('the acks of a batch are one command after the other in one piece, and the library knows of them', () => {
  const [sent, acked]: string[][] = [[], []];
  const messages = ['$JS.ACK.a.1', '$JS.ACK.b.22'].map((reply) => aMessage(reply, sent!, acked!));
  ackAll(asMessages(messages));
  expect(sent).toEqual(['PUB $JS.ACK.a.1 4\r\n+ACK\r\nPUB $JS.ACK.b.22 4\r\n+ACK\r\n']);
  expect(messages.map(({ didAck }) => didAck)).toEqual([true, true]);
  expect(acked).toEqual([]);
});

test('where the library keeps its messages elsewhere, it is asked to ack each', () => {
  const [sent, acked]: string[][] = [[], []];
  const known = aMessage('one', sent!, acked!);
  ackAll(asMessages([known, { ack: () => acked!.push('two') }]));
  ackAll(asMessages([{ ...known, msg: { ...known.msg, publisher: {} } }]));
  expect(acked).toEqual(['one', 'two', 'one']);
  expect(sent).toEqual([]);
});

test('nothing to ack is nothing to send', () => {
  expect(() => ackAll([])).not.toThrow();
});
