import type { Frame, LiveState, Snapshot } from '@llm-monitor/contracts/live';
import { aFrame, anActiveCall, aSnapshot } from '@llm-monitor/contracts/live/samples';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { createStore } from '../store/store.ts';
import { NOT_CONNECTED } from './connection.ts';
import { createLiveClient, type LiveClientOptions } from './live-client.ts';
import { createServerClock } from './server-clock.ts';

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 8000 });

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Of a server: no reason, and a length of 0. */
const CLOSE_FRAME = Buffer.from([0x88, 0]);

interface Heard {
  hello: unknown[];
  resume: unknown[];
  watch: unknown[];
}

/** A real Socket.IO server that keeps what browsers say. */
async function aServer(onConnection: (socket: Socket) => void = () => undefined) {
  const heard: Heard = { hello: [], resume: [], watch: [] };
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'] });
  io.on('connection', (socket) => {
    heard.hello.push(socket.handshake.auth);
    socket.on('resume', (message: unknown) => heard.resume.push(message));
    socket.on('watch', (message: unknown) => heard.watch.push(message));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  closing.push(() => io.close());
  const send = (event: 'frame' | 'snapshot', message: Frame | Snapshot) => io.emit(event, message);
  return { io, heard, send, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
}

function aBrowser(url: string, options: Partial<LiveClientOptions> = {}) {
  const live = createStore<LiveState | null>(null);
  const connection = createStore(NOT_CONNECTED);
  const monotonicMs = () => performance.now();
  const client = createLiveClient({
    url,
    demo: false,
    live,
    connection,
    clock: createServerClock(monotonicMs),
    monotonicMs,
    random: () => 0,
    nextFrame: (flush) => void setTimeout(flush, 0),
    lacksData: () => Promise.resolve(false),
    ...options,
  });
  closing.push(client.close);
  return { live, connection, client };
}

const withSnapshot = (socket: Socket) => socket.emit('snapshot', aSnapshot());
const ops = [['start', anActiveCall()]] as const;

describe('the live client', () => {
  test('takes a snapshot that is long in coming for none only where the service says so', async () => {
    const server = await aServer();
    const lacking = vi.fn<() => Promise<boolean>>(() => Promise.resolve(false));
    const monotonicMs = () => performance.now() * 9;
    const { connection } = aBrowser(server.url, { monotonicMs, lacksData: lacking });
    await eventually(() => expect(lacking).toHaveBeenCalled());
    expect(connection.get().fault).toBeNull();
    lacking.mockResolvedValue(true);
    await eventually(() => expect(connection.get().fault).toBe('no-snapshot'));
  });

  test('asks the service only once at a time whether it lacks something', async () => {
    const server = await aServer();
    const answers: ((isSo: boolean) => void)[] = [];
    const lacksData = () => new Promise<boolean>((resolve) => answers.push(resolve));
    const looks = vi.fn<() => number>(() => performance.now() * 9);
    aBrowser(server.url, { monotonicMs: looks, lacksData });
    await eventually(() => expect(answers).toHaveLength(1));
    looks.mockClear();
    await eventually(() => expect(looks.mock.calls.length).toBeGreaterThan(5));
    expect(answers).toHaveLength(1);
    answers[0]?.(false);
    await eventually(() => expect(answers).toHaveLength(2));
  });

  test('shows the snapshot, then what frames change', async () => {
    const server = await aServer(withSnapshot);
    const { live, connection } = aBrowser(server.url);
    await eventually(() => expect(connection.get().phase).toBe('open'));
    server.send('frame', aFrame({ ops }));
    await eventually(() => expect(live.get()?.active.size).toBe(1));
    expect(live.get()?.pos).toEqual(['6-0']);
  });

  test('tries again soon where a connection is taken and ended without a word, as by a proxy whose server is away', async () => {
    const http = createServer();
    let attempts = 0;
    http.on('upgrade', ({ headers }, socket) => {
      attempts += 1;
      // Who is turned away may be gone first.
      socket.on('error', () => undefined);
      const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      socket.write(
        [
          ...['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'],
          `Sec-WebSocket-Accept: ${createHash('sha1').update(key).digest('base64')}\r\n\r\n`,
        ].join('\r\n'),
      );
      socket.end(CLOSE_FRAME);
    });
    await new Promise<void>((resolve) => {
      http.listen(0, '127.0.0.1', resolve);
    });
    closing.push(() => http.close());
    const { connection } = aBrowser(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
    await eventually(() => expect(attempts).toBeGreaterThan(2));
    expect(connection.get().failures).toBeGreaterThan(1);
    expect(connection.get().phase).toBe('connecting');
  });

  test('asks once for what it misses, and goes on from the answer', async () => {
    const server = await aServer(withSnapshot);
    const { live, connection } = aBrowser(server.url);
    await eventually(() => expect(connection.get().phase).toBe('open'));
    server.send('frame', aFrame({ prev: ['7-0'], pos: ['8-0'] }));
    server.send('frame', aFrame({ prev: ['8-0'], pos: ['9-0'] }));
    await eventually(() => expect(server.heard.resume).not.toEqual([]));
    server.send('frame', aFrame({ prev: ['5-0'], pos: ['9-0'], ops }));
    await eventually(() => expect(live.get()?.pos).toEqual(['9-0']));
    expect(live.get()?.active.size).toBe(1);
    expect(server.heard.resume).toEqual([{ epoch: 'epoch-1', pos: ['5-0'] }]);
  });

  test('takes a new epoch from a snapshot, without losing its connection', async () => {
    const server = await aServer(withSnapshot);
    const { live, connection } = aBrowser(server.url);
    await eventually(() => expect(connection.get().phase).toBe('open'));
    server.send('frame', aFrame({ epoch: 'epoch-2', prev: ['0-0'], pos: ['1-0'], ops }));
    server.send('snapshot', aSnapshot({ epoch: 'epoch-2', pos: ['1-0'] }));
    await eventually(() => expect(live.get()?.epoch).toBe('epoch-2'));
    expect(live.get()?.active.size).toBe(0);
    expect(server.heard.hello).toHaveLength(1);
  });

  test('keeps its data when the connection breaks, and comes back with what it has', async () => {
    const server = await aServer((socket) => {
      if (!socket.handshake.auth['resume']) withSnapshot(socket);
      else socket.emit('frame', aFrame({ ops }));
    });
    const { live, connection } = aBrowser(server.url);
    const phases: string[] = [];
    connection.subscribe(() => phases.push(connection.get().phase));
    await eventually(() => expect(connection.get().phase).toBe('open'));
    server.io.disconnectSockets(true);
    await eventually(() => expect(live.get()?.active.size).toBe(1));
    expect(phases).toContain('reconnecting');
    expect(connection.get()).toMatchObject({ phase: 'open', failures: 0, retryAt: null });
    expect(server.heard.hello[1]).toEqual({
      demo: false,
      paused: false,
      resume: { epoch: 'epoch-1', pos: ['5-0'] },
    });
  });

  test('says what is wrong, and when it tries again, while nobody answers', async () => {
    const server = await aServer();
    await server.io.close();
    const { connection } = aBrowser(server.url, { random: () => 1 });
    await eventually(() => expect(connection.get().failures).toBe(1));
    expect(connection.get().fault).toBeTruthy();
    expect(connection.get().retryAt).toBeGreaterThan(performance.now());
  });

  test('asks for demo traffic from its first word', async () => {
    const server = await aServer(withSnapshot);
    aBrowser(server.url, { demo: true });
    await eventually(() => expect(server.heard.hello).toEqual([{ demo: true, paused: false }]));
  });

  test('does not say to a new connection what an old one did not take', async () => {
    const server = await aServer(withSnapshot);
    const { client, connection } = aBrowser(server.url, { random: () => 1 });
    await eventually(() => expect(connection.get().phase).toBe('open'));
    // The machine slept: Socket.IO finds out as it is told to send something, and keeps that for later.
    const slept = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
    client.setHidden(true);
    slept.mockRestore();
    await eventually(() => expect(connection.get().phase).toBe('reconnecting'));
    client.setHidden(false);
    await eventually(() => expect(connection.get().phase).toBe('open'));
    client.setHidden(true);
    client.setHidden(false);
    await eventually(() => expect(server.heard.watch.at(-1)).toEqual({ paused: false }));
    expect(server.heard).toMatchObject({
      hello: [{ paused: false }, { paused: false }],
      watch: [{ paused: true }, { paused: false }],
    });
  });

  test('pauses the server while the page is hidden', async () => {
    const server = await aServer(withSnapshot);
    const { client, connection } = aBrowser(server.url);
    await eventually(() => expect(connection.get().phase).toBe('open'));
    client.setHidden(true);
    client.setHidden(true);
    client.setHidden(false);
    await eventually(() => expect(server.heard.watch).toHaveLength(2));
    expect(server.heard.watch).toEqual([{ paused: true }, { paused: false }]);
  });
});
