import type { Socket } from 'node:net';

import { fastify, type FastifyInstance } from 'fastify';
import { expect, test } from 'vitest';

import { createGates } from './gates.ts';

async function addressesSeen(
  trustProxy: boolean | string,
  prepare: (app: FastifyInstance) => void = () => undefined,
): Promise<string[]> {
  const app = fastify({ trustProxy });
  const addresses: string[] = [];
  const refuse = (asked: { address(): string }) => void addresses.push(asked.address());
  createGates(app).install(app, { refuse });
  app.get('/', async () => 'here');
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  prepare(app);
  await fetch(url);
  await fetch(url, { headers: { 'x-forwarded-for': '203.0.113.1' } });
  await app.close();
  return addresses;
}

test('who asks for somebody else counts as that one where it is trusted, else as itself', async () => {
  expect(await addressesSeen('loopback')).toEqual(['127.0.0.1', '203.0.113.1']);
  expect(await addressesSeen(false)).toEqual(['127.0.0.1', '127.0.0.1']);
});

/** As it is read after whoever sent it has reset the connection: Node knows no address any more. */
function forgetAddress(socket: Socket): void {
  Object.defineProperty(socket, 'remoteAddress', { value: undefined });
}

test.each([[false], ['loopback']])(
  'who has gone already has an empty address, trusting %s, and so has whom they ask for',
  async (trustProxy) => {
    const addresses = await addressesSeen(trustProxy, ({ server }) => {
      server.prependListener('connection', forgetAddress);
    });
    expect(addresses).toEqual(['', '']);
  },
);
