import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo, Socket as NetSocket } from 'node:net';

import type { Frame } from '@llm-monitor/contracts/live';
import { Server, type Socket } from 'socket.io';
import { io as connect } from 'socket.io-client';
import { expect, onTestFinished, test, vi } from 'vitest';

import { prepareFrame } from '../core/prepare-frame.ts';
import { sendPrepared } from './outbound.ts';

/** What a frame is to this test. */
interface Numbered {
  n: number;
  text: string;
}

/** Browsers, of which some do not read for a while, and their sockets on the server. */
async function setUp(browsers: number) {
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'], serveClient: false });
  const sockets: Socket[] = [];
  io.on('connection', (socket) => void sockets.push(socket));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const clients = Array.from({ length: browsers }, () => {
    const got: Numbered[] = [];
    const client = connect(url, { transports: ['websocket'], forceNew: true, reconnection: false });
    client.on('frame', (frame: Numbered) => void got.push(frame));
    const wire = () =>
      (client.io.engine.transport as unknown as { ws: { _socket: NetSocket } }).ws._socket;
    return { got, client, wire };
  });
  onTestFinished(async () => {
    for (const { client } of clients) client.close();
    await io.close();
  });
  await vi.waitFor(() => expect(sockets).toHaveLength(browsers));
  await vi.waitFor(() => expect(clients.every(({ client }) => client.connected)).toBe(true));
  return { sockets, clients };
}

test('frames keep their order and are whole beside what goes through Socket.IO, also for who does not read for a while', async () => {
  const { sockets, clients } = await setUp(3);
  const sent: Numbered[] = [];
  const next = (length: number) => {
    const frame = { n: sent.length, text: 'é🙂a'.repeat(length) };
    sent.push(frame);
    return frame;
  };
  clients[1]?.wire().pause();
  for (let round = 0; round < 60; round++) {
    if (round === 40) clients[1]?.wire().resume();
    const prepared = prepareFrame(
      next([1, 25, 15_000, 60_000][round % 4] ?? 1) as unknown as Frame,
    );
    for (const socket of sockets) sendPrepared(socket, prepared, false);
    if (round % 3 === 0) {
      const other = next(10);
      for (const socket of sockets) socket.emit('frame', other);
    }
    // Sometimes the operating system may take what was written, sometimes more comes before.
    if (round % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await vi.waitFor(
    () =>
      expect(clients.map(({ got }) => got.length)).toEqual([sent.length, sent.length, sent.length]),
    { timeout: 10_000 },
  );
  for (const { got } of clients) expect(got.map(({ n }) => n)).toEqual(sent.map(({ n }) => n));
  for (const { got } of clients) expect(got).toEqual(sent);
});
