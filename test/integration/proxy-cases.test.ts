import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import {
  answer,
  chunk,
  head,
  LAST_CHUNK,
  line,
  said,
  streamHead,
  whole,
} from '../helpers/http-bytes.ts';
import { connectRaw, parseAnswer, rawRequest } from '../helpers/raw-client.ts';
import {
  gate,
  HALF_CLOSE,
  RESET,
  startRawServer,
  type RawServer,
  type Step,
} from '../helpers/raw-server.ts';
import { startProxy, type RunningProxy } from '../helpers/start-proxy.ts';
import { waitFor } from '../helpers/wait-for.ts';

const BODY = JSON.stringify({ model: 'llama3.2:3b', messages: [{ role: 'user', content: 'Hi' }] });
const request = (more: readonly string[] = ['Connection: keep-alive']) =>
  rawRequest('POST /api/chat', [`Content-Length: ${BODY.length}`, ...more], BODY);

/** The end of a body in chunks; a header may end with a 0 too. */
const END = `\r\n${LAST_CHUNK}`;

describe('the proxy', () => {
  let server: RawServer;
  let proxy: RunningProxy;
  let steps: (index: number) => Step[];
  beforeAll(async () => {
    server = await startRawServer((_, index) => steps(index));
    proxy = await startProxy(server.url);
  });
  afterAll(async () => {
    await proxy.agent.stop();
    await server.close();
  });
  beforeEach(() => void server.requests.splice(0));

  test.each([
    ['before the answer', [gate('never')]],
    ['while it streams', [streamHead(), chunk(line(said('a'))), gate('never')]],
  ])('case 41: a client that leaves %s is gone for the server too', async (_, before) => {
    steps = () => before;
    const client = await connectRaw(proxy.url);
    client.write(request());
    await waitFor('the server to wait', () => server.requests[0]?.state === 'at never');
    if (before.length > 1) await client.until('"a"');
    client.socket.destroy();
    await waitFor('the server to be left', () => server.requests[0]?.state === 'client left', {
      everyMs: 2,
    });
  });

  test('case 41: a client that resets its connection in an upload is gone for the server too', async () => {
    steps = () => [];
    const client = await connectRaw(proxy.url);
    client.write(rawRequest('POST /api/blobs/x', ['Content-Length: 1000000']));
    client.write(Buffer.alloc(1000));
    const connections = async () => {
      const { checks } = (await (await fetch(`${proxy.agent.url}/ready`)).json()) as {
        checks: { detail: string }[];
      };
      return checks.map(({ detail }) => detail).join();
    };
    await waitFor('the call to run', async () => (await connections()).includes(': 1 calls run'));
    client.socket.resetAndDestroy();
    await waitFor('no call to run', async () => (await connections()).includes(': 0 calls run'));
  });

  test.each([200, 404, 503])(
    'case 42: status %i and the headers come before there is a body',
    async (status) => {
      steps = () => [
        head(status, { 'Content-Type': 'application/x-ndjson', 'Transfer-Encoding': 'chunked' }),
        gate(`body ${status}`),
        chunk('late'),
        LAST_CHUNK,
      ];
      const client = await connectRaw(proxy.url);
      client.write(request(['Connection: close']));
      await client.until('\r\n\r\n');
      expect(client.text()).toContain(
        `HTTP/1.1 ${status} Said So\r\nContent-Type: application/x-ndjson`,
      );
      expect(client.text()).not.toContain('late');
      expect(server.requests[0]?.state).toBe(`at body ${status}`);
      server.open(`body ${status}`);
      expect(await client.ended).toBe('closed');
      expect(parseAnswer(client.bytes()).body.toString()).toBe('late');
    },
  );

  test('case 43: each chunk comes when it was sent, and as it was', async () => {
    const pieces = ['a', 'b', 'c', 'd'].map((text) => line(said(text)));
    steps = () => [
      streamHead(),
      ...pieces.flatMap((piece, i) => [chunk(piece), gate(`after ${i}`)]),
      LAST_CHUNK,
    ];
    const client = await connectRaw(proxy.url);
    client.write(request());
    for (const [i, piece] of pieces.entries()) {
      await client.until(piece);
      expect(server.requests[0]?.state).toBe(`at after ${i}`);
      const body = client.text().slice(client.text().indexOf('\r\n\r\n') + 4);
      expect(body).toBe(
        pieces
          .slice(0, i + 1)
          .map((one) => chunk(one).toString())
          .join(''),
      );
      server.open(`after ${i}`);
    }
    await client.until(END);
    client.socket.destroy();
  });

  test('case 44: a reader that stops makes the server stop', async () => {
    const part = Buffer.alloc(256 * 1024, 'x');
    const parts = 400;
    steps = () => [
      head(200, { 'Content-Length': String(part.length * parts) }),
      ...Array.from({ length: parts }, () => part),
    ];
    const client = await connectRaw(proxy.url);
    client.socket.pause();
    client.write(request());
    const sent = () => server.requests[0]?.sentBytes ?? 0;
    let before = -1;
    await waitFor(
      'the server to stop sending',
      () => {
        const isStill = sent() > 0 && sent() === before;
        before = sent();
        return isStill;
      },
      { everyMs: 300 },
    );
    // What the kernel's buffers of two connections hold, and the proxy's own.
    expect(sent()).toBeLessThan(part.length * parts * 0.5);
    client.socket.resume();
    await waitFor('the whole answer', () => client.socket.bytesRead > part.length * parts);
    client.socket.destroy();
  });

  /** Leaves one idle connection to the server in the proxy's pool. */
  async function warmUp(after: Step[] = []) {
    steps = () => [...whole('warm'), ...after];
    const client = await connectRaw(proxy.url);
    client.write(request());
    await client.until('warm');
    const [warm] = server.requests.splice(0);
    return { client, connection: warm!.connection, warm: warm! };
  }

  test('case 45: a request that meets a connection being closed is sent again, since no byte of it was sent', async () => {
    const { client, connection, warm } = await warmUp([gate('idle'), HALF_CLOSE]);
    steps = () => whole('again');
    // Stopped, the agent finds both at once when it goes on: first the request, then the end of the idle connection.
    proxy.agent.signal('SIGSTOP');
    client.write(request());
    server.open('idle');
    await waitFor('the server to close it', () => warm.state === 'answered');
    proxy.agent.signal('SIGCONT');
    await client.until('again');
    expect(server.requests.map((one) => one.connection)).toEqual([connection + 1]);
    client.socket.destroy();
  });

  test('case 45: a request that was sent is never sent again, and the client sees the reset', async () => {
    const { client, connection } = await warmUp();
    steps = () => [RESET];
    client.write(request());
    expect(await client.ended).toBe('reset');
    expect(server.requests.map((one) => one.connection)).toEqual([connection]);
  });

  test.each([
    ['by a reset', [streamHead(), chunk('x'), gate('to reset'), RESET], 'reset'],
    ['by its end', [streamHead(), chunk('x'), gate('to close'), HALF_CLOSE], 'closed'],
  ] as [string, Step[], string][])(
    'a stream that the server cuts (%s) is cut for the client, after all that came',
    async (_, cut, ended) => {
      steps = () => cut;
      const client = await connectRaw(proxy.url);
      client.write(request());
      await client.until('x\r\n');
      server.open(ended === 'reset' ? 'to reset' : 'to close');
      expect(await client.ended).toBe(ended);
      expect(client.text()).not.toContain(END);
    },
  );

  test('a call on a connection that was used before is answered there', async () => {
    const { client, connection } = await warmUp();
    steps = () => [streamHead(), ...answer('a', 'b').map((one) => chunk(one)), LAST_CHUNK];
    client.write(request());
    await client.until(END);
    expect(server.requests.map((one) => one.connection)).toEqual([connection]);
    client.socket.destroy();
  });
});
