import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { waitFor } from './wait-for.ts';

let proxy: TcpProxy;
let received = '';
let end: () => void;

beforeEach(async () => {
  received = '';
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received += String(chunk);
      socket.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  end = () => server.close();
  proxy = await startTcpProxy((server.address() as AddressInfo).port);
});
afterEach(async () => {
  await proxy.stop();
  end();
});

function dial(): { socket: Socket; answers: () => string } {
  let answers = '';
  const socket = connect(proxy.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => (answers += String(chunk)));
  return { socket, answers: () => answers };
}

test('bytes pass both ways in their order, also while the delay changes', async () => {
  const { socket, answers } = dial();
  proxy.setDelay(100);
  socket.write('one ');
  await new Promise((resolve) => setImmediate(resolve));
  proxy.setDelay(0);
  socket.write('two');
  await waitFor('the echo', () => answers() === 'one two');
  expect(received).toBe('one two');
  socket.destroy();
});

test('bytes leave in their order while the delay changes in a process that is busy', async () => {
  const { socket } = dial();
  await once(socket, 'connect');
  socket.setNoDelay(true);
  let sent = '';
  for (let i = 0; i < 300; i += 1) {
    proxy.setDelay((i * 7) % 40);
    const chunk = `${i} `;
    socket.write(chunk);
    sent += chunk;
    await new Promise((resolve) => setImmediate(resolve));
    // What is due meanwhile is late, and sockets may be read before its timer runs.
    const busyUntil = performance.now() + (i % 5);
    while (performance.now() < busyUntil);
  }
  await waitFor('all of it', () => received.length >= sent.length);
  expect(received).toBe(sent);
  socket.destroy();
});

test('an answer that is swallowed never comes, though the server got the question', async () => {
  const { socket, answers } = dial();
  proxy.swallowAnswers(true);
  socket.write('question');
  await waitFor('the question to arrive', () => received === 'question');
  proxy.cut();
  await once(socket, 'close');
  expect(answers()).toBe('');
});
