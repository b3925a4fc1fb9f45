import { createConnection } from 'node:net';

import { unref } from '../call/unref.ts';

/**
 * Does a server accept and greet at this address? Neither the socket nor the timer keeps the process alive,
 * which the dialling of the NATS library would for as long as the bus is away.
 */
export function greets(
  address: { host: string; port: number },
  timeoutMs: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(address.port, address.host);
    const settle = (answer: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = unref(setTimeout(() => settle(false), timeoutMs));
    socket.unref();
    socket.once('data', () => settle(true));
    socket.once('end', () => settle(false));
    socket.once('error', () => settle(false));
  });
}
