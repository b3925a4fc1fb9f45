import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

import { connect, headers as headersOf } from '@nats-io/transport-node';
import { expect, onTestFinished, test } from 'vitest';

import { OutgoingBytes } from './outgoing-bytes.ts';

const message = {
  subject: 'llm.request.completed.app.m_1',
  headers: { 'Nats-Msg-Id': 'è-1:end', 'Llm-Sent-At': '2026-01-01T00:00:00.000Z' },
};
const payload = Buffer.from('{"text":"perché"}');

/** What the library sends after it has greeted: all that it is asked to publish. */
async function sentByLibrary(): Promise<string> {
  const server = createServer((socket) => {
    socket.write('INFO {"server_id":"x","version":"2.10.0","headers":true,"max_payload":1000}\r\n');
    socket.once('data', () => socket.write('PONG\r\n'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connected = once(server, 'connection');
  const nats = await connect({ port: (server.address() as AddressInfo).port, reconnect: false });
  const [socket] = (await connected) as [Socket];
  onTestFinished(async () => {
    await nats.close();
    server.close();
  });
  const head = headersOf();
  for (const [name, value] of Object.entries(message.headers)) head.set(name, value);
  const received = once(socket, 'data');
  nats.publish(message.subject, payload, { headers: head, reply: '_INBOX.1.7' });
  nats.publish(message.subject, payload, { headers: head });
  const [bytes] = (await received) as [Buffer];
  return bytes.toString();
}

test('messages are written as the library writes them', async () => {
  const sent: Buffer[] = [];
  const outgoing = new OutgoingBytes((bytes) => sent.push(Buffer.from(bytes)));
  expect(outgoing.add(message, '_INBOX.1.7', payload, 1000)).toBe(true);
  expect(outgoing.add(message, '', payload, 1000)).toBe(true);
  await Promise.resolve();
  expect(sent).toHaveLength(1);
  expect(String(sent[0])).toBe(await sentByLibrary());
});

test('what the server would not take is not written', () => {
  const sent: Uint8Array[] = [];
  const outgoing = new OutgoingBytes((bytes) => sent.push(bytes));
  expect(outgoing.add(message, '', Buffer.alloc(960), 1000)).toBe(false);
  outgoing.flush();
  expect(sent).toEqual([]);
});

test('pieces of any size come whole and in order, and what was handed over does not change', () => {
  const sent: Uint8Array[] = [];
  const texts: string[] = [];
  const outgoing = new OutgoingBytes((bytes) => {
    sent.push(bytes);
    texts.push(Buffer.from(bytes).toString('latin1'));
  });
  const sizes = [1, 30_000, 40_000, 200_000, 5, 60_000, 60_000];
  for (const size of sizes) outgoing.add(message, '', Buffer.alloc(size, 'x'), 1e6);
  outgoing.flush();
  outgoing.flush();
  const all = texts.join('');
  expect([...all.matchAll(/\r\n\r\n(x+)\r\n/g)].map(([, text]) => text?.length)).toEqual(sizes);
  expect(sent.map((bytes) => Buffer.from(bytes).toString('latin1'))).toEqual(texts);
});
