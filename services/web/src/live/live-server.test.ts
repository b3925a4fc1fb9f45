import { EventEmitter } from 'node:events';

import type { Server } from 'socket.io';
import { expect, test } from 'vitest';

import { createLiveServer } from './live-server.ts';
import type { SessionContext } from './session-context.ts';

/** A socket of which so much waits to be taken by the browser, as Socket.IO holds it. */
function aSocket(bufferedAmount: number) {
  const conn = Object.assign(new EventEmitter(), {
    writeBuffer: [],
    transport: { socket: { bufferedAmount } },
  });
  return Object.assign(new EventEmitter(), { conn, handshake: { auth: { paused: true } } });
}

test.each([
  [0, 1],
  [2 * 1024 * 1024, 0],
])('with %i bytes that a browser does not take, %i answers are added', (bufferedBytes, answers) => {
  const io = new EventEmitter();
  const reads = () => ({ want: () => undefined, forget: () => undefined, stop: () => undefined });
  createLiveServer(io as unknown as Server).open({
    ...{ snapshots: reads, figures: reads, monotonicMs: () => 0, isFed: () => true },
  } as unknown as SessionContext & { feed: never });
  const socket = aSocket(bufferedBytes);
  io.emit('connection', socket);
  let answered = 0;
  socket.emit('watch', { paused: true }, () => void answered++);
  expect(answered).toBe(answers);
});
