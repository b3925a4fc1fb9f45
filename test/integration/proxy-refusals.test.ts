import { createServer } from 'node:net';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { startFakeOllama, type RunningFakeOllama } from '../helpers/fake-ollama.ts';
import { freePort } from '../helpers/free-port.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { exchangeRaw, parseAnswer, rawRequest } from '../helpers/raw-client.ts';
import { startProgram } from '../helpers/start-program.ts';
import { startProxy, type RunningProxy } from '../helpers/start-proxy.ts';

describe('what the proxy does not pass on', () => {
  let server: RunningFakeOllama;
  let proxy: RunningProxy;
  beforeAll(async () => {
    server = await startFakeOllama();
    proxy = await startProxy(server.url);
  });
  afterAll(async () => {
    await proxy.agent.stop();
    await server.close();
  });

  const raw = (start: string, headers: string[] = [], body = '') =>
    exchangeRaw(proxy.url, rawRequest(start, headers, body)).then(parseAnswer);

  test.each([
    [
      'a length and chunks at once',
      'POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'two lengths',
      'POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde',
    ],
    [
      'chunks that are not the last coding',
      'POST /api/chat HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
    ],
    [
      'a header name with a space before its colon',
      'POST /api/chat HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n',
    ],
    ['no host', 'GET /api/tags HTTP/1.1\r\n\r\n'],
  ])('a request with %s is refused', async (_, request) => {
    const answered = await exchangeRaw(proxy.url, request);
    expect(answered.toString()).toMatch(/^HTTP\/1\.1 400 /);
    expect(server.requests).toEqual([]);
  });

  test.each([
    ['chunks in another coding', 'POST /', ['Transfer-Encoding: gzip, chunked'], 501],
    ['the address of another server', 'GET http://example.com/secret', [], 421],
  ])('%s is refused', async (_, start, headers, status) => {
    const body = headers.length > 0 ? '0\r\n\r\n' : '';
    const answered = await raw(start, headers, body);
    expect(answered.status).toContain(String(status));
    expect(JSON.parse(answered.body.toString())).toEqual({
      error: expect.stringContaining('LLM Monitor proxy: '),
    });
    expect(server.requests).toEqual([]);
  });

  test('CONNECT is refused: this is no way out', async () => {
    const answered = await raw('CONNECT example.com:443');
    expect(answered.status).toBe('HTTP/1.1 405 Method Not Allowed');
  });

  test.each(['evil.example', '8.8.8.8:11435'])(
    'a page that made its own name %s point here is refused, as Ollama refuses it',
    async (host) => {
      const request = `GET /api/tags HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      expect((await exchangeRaw(proxy.url, request)).toString()).toMatch(/^HTTP\/1\.1 403 /);
      expect(server.requests).toEqual([]);
    },
  );

  test('a request that comes back to its proxy is a loop', async () => {
    const first = await fetch(`${proxy.url}/api/version`);
    const instance = first.headers.get('x-llm-monitor-agent')!;
    const headers = { 'x-llm-monitor-agent': instance };
    const again = await fetch(`${proxy.url}/api/version`, { headers });
    expect(again.status).toBe(508);
    expect(await again.json()).toEqual({ error: expect.stringContaining('OLLAMA_URL') });
  });

  test('an absolute address of the server itself is passed on as its path', async () => {
    const answered = await raw(`GET ${server.url}/api/version?x=1`);
    expect(answered.status).toBe('HTTP/1.1 200 OK');
    expect(server.requests.at(-1)!.path).toBe('/api/version?x=1');
  });
});

describe('an agent whose proxy cannot be', () => {
  /** Starts the agent and gives what it says when it ends. */
  async function refuses(env: Record<string, string>) {
    const main = `${projectRoot()}/services/agent/dist/main.js`;
    const defaults = { PORT: '0', NATS_URL: 'nats://127.0.0.1:9', LLM_MONITOR_TOKEN: '' };
    const agent = startProgram(process.execPath, [main], { env: { ...defaults, ...env } });
    expect(await agent.exited).toBe(1);
    return agent.output();
  }

  test('says which port is taken and what to do', async () => {
    const holder = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
    const output = await refuses({ PROXY_LISTEN: `127.0.0.1:${port}` });
    expect(output).toContain(`cannot listen on 127.0.0.1:${port}: the port is taken`);
    expect(output).toContain('PROXY_LISTEN');
    holder.close();
  });

  test.each([
    ['itself as upstream', { OLLAMA_URL: 'http://localhost:11435' }, /pass calls on to itself/],
    [
      'the name for programs as upstream',
      { OLLAMA_HOST: '127.0.0.1:11435' },
      /OLLAMA_HOST may name the proxy/,
    ],
    ['the whole network', { PROXY_LISTEN: '0.0.0.0:11435' }, /would let other machines use/],
    ['no address', { PROXY_LISTEN: 'here' }, /PROXY_LISTEN must name a port/],
    ['no upstream', { PROXIES: '11436' }, /PROXIES must be a list such as/],
    ['one port twice', { PROXIES: '11435=http://127.0.0.1:8000' }, /Two proxies would listen/],
    ['callers that are no JSON', { PROXY_CALLERS: '{"keys":' }, /holds no valid JSON/],
    ['callers in no file', { PROXY_CALLERS: '/no/such/file' }, /reading the file failed/],
    [
      'a caller without an address',
      { PROXY_CALLERS: '{"addresses":{"lan":"x"}}' },
      /lan.*is no address/,
    ],
  ])('says what is wrong with %s', async (_, env, message) => {
    const output = await refuses({ OLLAMA_URL: '', OLLAMA_HOST: '', ...env } as Record<
      string,
      string
    >);
    expect(output).toMatch(message);
    expect(output).not.toContain('    at ');
  });

  test('may listen on the network in a container', async () => {
    const server = await startFakeOllama();
    const port = await freePort();
    const proxy = await startProxy(server.url, {
      PROXIES: `0.0.0.0:${port}=${server.url}`,
      LLM_MONITOR_IN_CONTAINER: '1',
    });
    const answer = await exchangeRaw(
      `http://127.0.0.1:${port}`,
      'GET / HTTP/1.1\r\nHost: ollama.example\r\nConnection: close\r\n\r\n',
    );
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 OK/);
    await proxy.agent.stop();
    await server.close();
  });
});
