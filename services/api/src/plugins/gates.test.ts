import type { Socket } from 'node:net';

import { fastify } from 'fastify';
import { expect, test } from 'vitest';

import { createGates } from './gates.ts';

/** As it is read after whoever sent it has reset the connection: Node knows no address any more. */
function forgetAddress(socket: Socket): void {
  Object.defineProperty(socket, 'remoteAddress', { value: undefined });
}

test.each([[false], ['loopback']])(
  'who has gone already has an empty address, trusting %s, and so has whom they ask for',
  async (trustProxy) => {
    const app = fastify({ trustProxy });
    const addresses: unknown[] = [];
    const refuse = (asked: { address(): string }) => void addresses.push(asked.address());
    createGates(app).install(app, { refuse });
    app.get('/', async () => 'here');
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    app.server.prependListener('connection', forgetAddress);
    await fetch(url);
    await fetch(url, { headers: { 'x-forwarded-for': '203.0.113.1' } });
    await app.close();
    expect(addresses).toEqual(['', '']);
  },
);
