import { connect, type AddressInfo, type Socket } from 'node:net';

import { createRateLimiter } from '@llm-monitor/runtime';
import { fastify } from 'fastify';
import { expect, test } from 'vitest';

import { addGuard } from './guard.ts';

/** As it is read after whoever sent it has reset the connection: Node knows no address any more. */
function forgetAddress(socket: Socket): void {
  Object.defineProperty(socket, 'remoteAddress', { value: undefined });
}

/** All that is answered, on a connection of its own. */
const ask = (port: number, headers = '') =>
  new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    socket.on('data', (part) => (text += part.toString()));
    socket.once('error', reject);
    socket.once('close', () => resolve(text));
    socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`);
  });

test.each([[false], ['loopback']])(
  'who has gone before their request was read is no fault, and nothing is done for them, trusting %s',
  async (trustProxy) => {
    const server = fastify({ trustProxy, forceCloseConnections: true });
    const done: string[] = [];
    server.setErrorHandler((error: Error, _request, reply) => reply.send(error.message));
    server.addHook('onResponse', async () => void done.push('answered'));
    addGuard(server, {
      admission: {
        refusePlace: () => undefined,
        identify: () => ({ role: 'operator', sessionId: undefined }),
      },
      limiter: createRateLimiter({ perSecond: 1, burst: 5, now: () => 0 }),
      contentSecurityPolicy: "default-src 'self'",
      basePath: '',
    });
    server.get('/', { onRequest: async (request) => void done.push(request.ip) }, () => 'here');
    await server.listen({ host: '127.0.0.1', port: 0 });
    const { port } = server.server.address() as AddressInfo;
    expect(await ask(port)).toMatch(/^HTTP\/1.1 200 [^]*here$/);
    server.server.prependListener('connection', forgetAddress);
    expect(await ask(port)).toBe('');
    expect(await ask(port, 'X-Forwarded-For: 203.0.113.1\r\n')).toBe('');
    await server.close();
    expect(done).toEqual(['127.0.0.1', 'answered']);
  },
);
