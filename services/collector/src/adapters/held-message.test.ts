import { SENT_AT_HEADER } from '@llm-monitor/contracts/events';
import type { JsMsg } from '@nats-io/jetstream';
import { expect, test } from 'vitest';

import { bodyOf, createHold, replyOf, sentAtOf, type HeldMessage } from './held-message.ts';

const STORED_AT_MS = 1_795_969_449_803;
const replyTo = (sequence: number) =>
  `$JS.ACK.LLM_REQUESTS.collector.1.${sequence}.7.${STORED_AT_MS}123456.0`;

/** As the library keeps it: headers and body in one piece, which may be part of a larger buffer. */
function aMessage(sequence: number, head: string, body: string): JsMsg {
  const bytes = Buffer.from(`before${head}${body}`).subarray(6);
  const hdr = head === '' ? -1 : Buffer.byteLength(head);
  const reply = Buffer.from(replyTo(sequence));
  return { subject: `a.${sequence}`, msg: { _rdata: bytes, _msg: { hdr, reply } } } as never;
}
const head = (sentAt: string) => `NATS/1.0\r\n${SENT_AT_HEADER}: ${sentAt}\r\n\r\n`;
const read = (held: HeldMessage) => ({
  subject: held.subject,
  reply: Buffer.from(replyOf(held)).toString(),
  sentAt: sentAtOf(held),
  body: Buffer.from(bodyOf(held)).toString(),
  storedAtMs: held.storedAtMs,
});

test('a message is held with all that is asked of it, whatever becomes of the bytes that it came in', () => {
  const hold = createHold();
  const bytes = [aMessage(1, head('now'), '{"é":1}'), aMessage(2, '', '{}'), aMessage(3, '', '')];
  const held = bytes.map((message) => hold(message));
  for (const { msg } of bytes as unknown as { msg: { _rdata: Buffer } }[]) msg._rdata.fill(0);
  expect(held.map(read)).toEqual([
    { subject: 'a.1', reply: replyTo(1), sentAt: 'now', body: '{"é":1}', storedAtMs: STORED_AT_MS },
    { subject: 'a.2', reply: replyTo(2), sentAt: undefined, body: '{}', storedAtMs: STORED_AT_MS },
    { subject: 'a.3', reply: replyTo(3), sentAt: undefined, body: '', storedAtMs: STORED_AT_MS },
  ]);
});

test('more messages than share their bytes, and larger ones, are held as they are', () => {
  const hold = createHold();
  const bodies = Array.from({ length: 300 }, (_, i) => `${i}`.repeat(i % 50 === 7 ? 100_000 : 400));
  const held = bodies.map((body, i) => hold(aMessage(i, head(`${i}`), body)));
  expect(
    held.map((one) => Buffer.from(bodyOf(one)).toString() === bodies[held.indexOf(one)]),
  ).toEqual(bodies.map(() => true));
  expect(held.map(sentAtOf)).toEqual(bodies.map((_, i) => `${i}`));
});

test('where the library keeps no such bytes, it is asked', () => {
  const message = {
    subject: 'a.1',
    reply: replyTo(1),
    headers: new Map([[SENT_AT_HEADER, 'now']]),
    data: Buffer.from('{}'),
    info: { deliveryCount: 1, timestampNanos: STORED_AT_MS * 1e6 },
  };
  expect(read(createHold()(message as never))).toEqual({
    ...{ subject: 'a.1', reply: replyTo(1), sentAt: 'now', body: '{}', storedAtMs: STORED_AT_MS },
  });
  expect(() => createHold()({ ...message, reply: '' } as never)).toThrow(
    'where a message is acked',
  );
});
