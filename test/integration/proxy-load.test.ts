import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, createServer, request, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { freePort } from '../helpers/free-port.ts';
import { connectRaw, rawRequest, type RawClient } from '../helpers/raw-client.ts';
import { startProxy, type RunningProxy } from '../helpers/start-proxy.ts';
import { waitFor } from '../helpers/wait-for.ts';

const MIB = 1024 * 1024;

/** Most memory that a process has had resident, and has now, in MiB. */
function memoryOf(pid: number): { peakMiB: number; nowMiB: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = (name: string) =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1024;
  return { peakMiB: read('VmHWM'), nowMiB: read('VmRSS') };
}

describe('the proxy under load', () => {
  let server: Server;
  let proxy: RunningProxy;
  let trailers: string[] = [];
  let open = 0;
  beforeAll(async () => {
    server = createServer((incoming, response) => {
      const hash = createHash('sha256');
      incoming.on('data', (part: Buffer) => hash.update(part));
      incoming.once('end', () => {
        trailers = incoming.rawTrailers;
        response.end(`${hash.digest('hex')} ${incoming.headers['origin'] ?? ''}`);
      });
      incoming.on('error', () => undefined);
    });
    server.on('upgrade', (_, socket: Socket, first: Buffer) => {
      open += 1;
      socket.once('close', () => (open -= 1));
      socket.on('error', () => undefined);
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      );
      socket.write(first);
      socket.pipe(socket);
    });
    server.listen(await freePort(), '127.0.0.1');
    await once(server, 'listening');
    proxy = await startProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterAll(async () => {
    await proxy.agent.stop();
    server.closeAllConnections();
    server.close();
  });

  test('an upload of 300 MiB arrives whole and is never held', async () => {
    const part = randomBytes(MIB);
    const hash = createHash('sha256');
    const before = memoryOf(proxy.agent.pid).nowMiB;
    const upload = request(`${proxy.url}/api/blobs/sha256:x`, {
      method: 'POST',
      headers: { 'content-length': 300 * MIB },
    });
    const answered = once(upload, 'response');
    for (let i = 0; i < 300; i += 1) {
      hash.update(part);
      if (!upload.write(part)) await once(upload, 'drain');
    }
    upload.end();
    const [answer] = (await answered) as [AsyncIterable<Buffer>];
    let text = '';
    for await (const piece of answer) text += String(piece);
    expect(text.trim()).toBe(hash.digest('hex'));
    expect(memoryOf(proxy.agent.pid).peakMiB - before).toBeLessThan(100);
  });

  test('trailers of a request reach the server', async () => {
    const client = await connectRaw(proxy.url);
    client.write(
      rawRequest(
        'POST /x',
        ['Transfer-Encoding: chunked', 'Trailer: X-Sum'],
        '1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n',
      ),
    );
    await client.ended;
    expect(trailers).toEqual(['X-Sum', '1']);
  });

  test('thousands of idle connections stay open, cost little and can be used again', async () => {
    const before = memoryOf(proxy.agent.pid).nowMiB;
    const clients: RawClient[] = [];
    for (let i = 0; i < 2000; i += 50) {
      const some = await Promise.all(Array.from({ length: 50 }, () => connectRaw(proxy.url)));
      for (const client of some) client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await Promise.all(some.map((client) => client.until('\r\n\r\n')));
      clients.push(...some);
    }
    expect(memoryOf(proxy.agent.pid).nowMiB - before).toBeLessThan(150);
    const { checks } = (await (await fetch(`${proxy.agent.url}/ready`)).json()) as {
      checks: { name: string; ok: boolean; detail: string }[];
    };
    expect(checks.find(({ name }) => name === `proxy 127.0.0.1:${proxy.port}`)).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/ 0 calls run, 20\d\d connections$/),
    });
    const last = clients.at(-1)!;
    const had = last.bytes().length;
    last.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await waitFor('another answer', () => last.bytes().length > had);
    for (const client of clients) client.socket.destroy();
  });

  test('a WebSocket is passed both ways, and its end too', async () => {
    const client = await connectRaw(proxy.url);
    client.write(
      rawRequest('GET /ws', ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: x']),
    );
    client.write('early');
    await client.until('\r\n\r\nearly');
    expect(client.text()).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    const bytes = randomBytes(MIB);
    client.write(bytes);
    await waitFor(
      'the echo',
      () => client.bytes().length >= bytes.length + client.text().indexOf('early') + 5,
    );
    expect(client.bytes().subarray(-bytes.length).equals(bytes)).toBe(true);
    expect(open).toBe(1);
    client.socket.resetAndDestroy();
    await waitFor('the server to be left', () => open === 0);
  });

  test('an offer of HTTP/2, as Java makes it, is left aside and its request passed on', async () => {
    const client = await connectRaw(proxy.url);
    const offer = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAA'];
    client.write(rawRequest('POST /x', [...offer, 'Content-Length: 5'], 'hello'));
    client.write(rawRequest('POST /y', ['Content-Length: 6'], 'hello2'));
    await client.ended;
    const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(client.text()).toContain(hashOf('hello'));
    expect(client.text()).toContain(hashOf('hello2'));
  });

  test('a client that waits for 100 Continue gets it from the server', async () => {
    const client = await connectRaw(proxy.url);
    client.write(rawRequest('POST /x', ['Content-Length: 5', 'Expect: 100-continue']));
    await client.until('HTTP/1.1 100 Continue\r\n\r\n');
    client.write('hello');
    await client.ended;
    expect(client.text()).toContain('HTTP/1.1 200 OK');
  });

  test('an Origin stays, so that the rules of the server hold', async () => {
    const answer = await fetch(proxy.url, { headers: { origin: 'http://evil.example' } });
    expect(await answer.text()).toMatch(/ http:\/\/evil\.example$/);
  });
});

test('a server that answers an upload before its end, and closes, leaves no client waiting', async () => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(
        'HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 7\r\n\r\nno more',
      );
    });
  });
  server.listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  const proxy = await startProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const client = await connectRaw(proxy.url);
  const headers = [`Content-Length: ${300 * MIB}`, 'Connection: keep-alive'];
  client.write(rawRequest('POST /api/blobs/x', headers));
  client.write(Buffer.alloc(4 * MIB));
  await client.until('no more');
  expect(await client.ended).toMatch(/closed|reset/);
  await proxy.agent.stop();
  server.close();
});

test('an upload to a server that is down leaves its connection fit for the next', async () => {
  const proxy = await startProxy('http://127.0.0.1:9');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const body = Buffer.alloc(2 * MIB, 'a');
  for (const isReused of [false, true, true]) {
    const headers = { 'content-length': body.length };
    const sent = request(`${proxy.url}/api/chat`, { method: 'POST', agent, headers });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(502);
    expect(sent.reusedSocket).toBe(isReused);
    await once(answer.resume(), 'end');
  }
  agent.destroy();
  await proxy.agent.stop();
});
