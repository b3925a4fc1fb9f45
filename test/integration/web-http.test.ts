import { request as httpRequest } from 'node:http';

import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { freePort } from '../helpers/free-port.ts';
import { startLiveClient } from '../helpers/live-client.ts';
import { connectRaw, rawRequest } from '../helpers/raw-client.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { startService, type Service } from '../helpers/start-service.ts';
import { waitFor } from '../helpers/wait-for.ts';

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** `fetch` does not let a test set Host; this does. */
function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    request.on('error', reject);
    request.end();
  });
}

describe('the web service', () => {
  let nats: NatsServer;
  let redis: RedisServer;
  let api: Service;
  let web: Service;
  let lonely: Service;
  let guarded: Service;
  let absentPort: number;

  beforeAll(async () => {
    [nats, redis, absentPort] = await Promise.all([startNats(), startRedis(), freePort()]);
    const env = { NATS_URL: nats.url, REDIS_URL: redis.url };
    api = await startService('api', env);
    [web, lonely, guarded] = await Promise.all([
      startService('web', { ...env, API_URL: api.url, MAX_SOCKETS: '3' }),
      startService('web', { ...env, API_URL: `http://127.0.0.1:${absentPort}` }),
      startService('web', { ...env, API_URL: api.url, LLM_MONITOR_TOKEN: 'a-secret' }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([web.stop(), lonely.stop(), guarded.stop()]);
    await api.stop();
    await Promise.all([nats.stop(), redis.stop()]);
  });

  /** Tries to open a live connection, and says whether it was let in. */
  function tryToConnect(url: string, headers: Record<string, string>): Promise<boolean> {
    const socket: Socket = io(url, {
      ...{ transports: ['websocket'], reconnection: false, forceNew: true },
      extraHeaders: headers,
    });
    return new Promise((resolve) => {
      const end = (isIn: boolean) => {
        socket.disconnect();
        resolve(isIn);
      };
      socket.once('connect', () => end(true));
      socket.once('connect_error', () => end(false));
    });
  }

  test('gives the page of the dashboard for every address of the dashboard', async () => {
    const pages = await Promise.all(
      [
        ...['/', '/history?range=7d', '/models/llama3.2:3b', '/models/C%3A%5Cmodels%5Cphi.gguf'],
        ...['/models/a%2F..%2Fb', '/models/%252E%252E', '/apps/my-app', '/hosts/gpu.local'],
      ].map((path) => ask(web.url + path, { accept: 'text/html' })),
    );
    for (const { status, headers, body } of pages) {
      expect(status).toBe(200);
      expect(headers['content-type']).toContain('text/html');
      expect(headers['cache-control']).toBe('no-cache');
      expect(body).toBe(pages[0]!.body);
      expect(body).toContain('LLM Monitor');
    }
  });

  test('sends scripts and styles packed to whoever takes them so, and as they are to others', async () => {
    const page = await (await fetch(`${web.url}/`)).text();
    const files = [...page.matchAll(/"(\/assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file!);
    expect(files).toHaveLength(2);
    for (const file of files) {
      const as = (encoding: string) =>
        fetch(web.url + file, { headers: { 'accept-encoding': encoding } });
      const plain = await (await as('identity')).text();
      for (const encoding of ['gzip', 'br']) {
        const response = await as(encoding);
        expect(response.headers.get('content-encoding')).toBe(encoding);
        expect(response.headers.get('vary')).toMatch(/accept-encoding/i);
        expect(response.headers.get('cache-control')).toContain('immutable');
        expect(await response.text()).toBe(plain);
      }
    }
  });

  test('lets no page load, frame or run anything that is not its own', async () => {
    const { headers } = await ask(`${web.url}/`);
    expect(headers['content-security-policy']).toMatch(/^default-src 'self'; script-src 'self'/);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe-inline');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test('says that there is no such file, and does not send the page in its place', async () => {
    for (const path of ['/assets/gone-1234.js', '/gone.png', '/.env']) {
      const { status, headers } = await ask(web.url + path);
      expect(status).toBe(404);
      expect(headers['content-type']).toContain('application/problem+json');
    }
  });

  test('hands no file out from beside the dashboard', async () => {
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json']) {
      const { body } = await ask(web.url + path);
      expect(body).not.toContain('"@llm-monitor/web"');
    }
  });

  test('forwards the paths of the API, with their queries', async () => {
    const status = await ask(`${web.url}/api/status`);
    expect(JSON.parse(status.body)).toMatchObject({ total_requests: 0 });
    const refused = await ask(`${web.url}/api/requests?limit=0`);
    expect(refused.status).toBe(400);
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(JSON.parse((await ask(`${web.url}/openapi.json`)).body)).toHaveProperty('openapi');
  });

  test('lets a list of rules be larger than other bodies: as large as one that is exported', async () => {
    const put = (path: string, body: string) =>
      fetch(`${web.url}/api/alerts/rules${path}`, {
        ...{ method: 'PUT', headers: { 'content-type': 'application/yaml' }, body },
      });
    const description = 'x'.repeat(1000);
    const rules = Array.from({ length: 100 }, (_, i) => ({
      ...{ id: `r${i}`, name: 'R', description, metric: 'failed', comparator: '>', threshold: 1 },
      severity: 'info',
    }));
    expect((await put('', JSON.stringify({ rules }))).status).toBe(200);
    const yaml = await (await fetch(`${web.url}/api/alerts/rules.yaml`)).text();
    expect(yaml.length).toBeGreaterThan(100_000);
    const again = await put('?dryRun=true', yaml);
    expect(await again.json()).toMatchObject({ added: [], changed: [], removed: [] });
    expect((await put('/r0', ' '.repeat(70_000))).status).toBe(413);
    const most = 2 * 1024 * 1024;
    expect((await put('', ' '.repeat(most + 1))).status).toBe(413);
    const many = Array.from({ length: 9000 }, (_, i) => `k${i}: 1\n`).join('');
    expect(await (await put('', many)).json()).toMatchObject({ title: 'Not YAML' });
  });

  test('takes a body that the asker wants to be told to send, as curl does with all above 1 MiB', async () => {
    const client = await connectRaw(web.url);
    const headers = ['Content-Type: application/yaml', 'Expect: 100-continue', 'Content-Length: 9'];
    client.write(rawRequest('PUT /api/alerts/rules?dryRun=true', headers, 'rules: []'));
    await client.until('"removed"');
    expect(client.text()).toMatch(/^HTTP\/1\.1 100 Continue[^]*HTTP\/1\.1 200 OK/);
    client.socket.destroy();
  });

  test.each(['web', 'api'])('%s answers what is no request as every other error', async (name) => {
    const { url } = name === 'web' ? web : api;
    for (const [sent, status] of [
      ['NONSENSE / HTTP/1.1\r\n\r\n', 400],
      ['GET /health HTTP/1.1\r\nno header\r\n\r\n', 400],
      [rawRequest('GET /health', [`X-Long: ${'x'.repeat(20_000)}`]), 431],
    ] as const) {
      const client = await connectRaw(url);
      client.write(sent);
      await client.ended;
      const [head = '', body = ''] = client.text().split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*application/problem\\+json`));
      expect(JSON.parse(body)).toMatchObject({ status, detail: expect.any(String) });
    }
  });

  test('leaves an offer of another protocol aside, as Java makes it, and answers at once', async () => {
    const offer = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAA'];
    const client = await connectRaw(web.url);
    const json = 'Content-Type: application/json';
    client.write(rawRequest('PUT /api/nothing', [...offer, json, 'Content-Length: 2'], '{}'));
    client.write(rawRequest('GET /api/status', [...offer, 'Accept-Encoding: identity']));
    client.write(rawRequest('GET /health', ['Connection: Upgrade', 'Upgrade: websocket']));
    client.write(rawRequest('GET /socket.io.js'));
    await client.ended;
    const statuses = client.text().match(/HTTP\/1\.1 \d+/g);
    expect(statuses).toEqual(['404', '200', '200', '404'].map((status) => `HTTP/1.1 ${status}`));
    expect(client.text()).toContain('"total_requests":0');
    const foreign = await connectRaw(web.url);
    foreign.write(
      `GET /api/status HTTP/1.1\r\nHost: evil.example\r\n${offer.join('\r\n')}\r\n\r\n`,
    );
    await foreign.until('HTTP/1.1 403');
    foreign.socket.destroy();
  });

  test('says what to do when the API is down, and not where it is', async () => {
    const { status, headers, body } = await ask(`${lonely.url}/api/status`);
    expect(status).toBe(503);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(JSON.parse(body)).toMatchObject({ title: 'The API does not answer' });
    expect(body).not.toContain(String(absentPort));
    expect(body).not.toContain('127.0.0.1');
  });

  test('is ready when all that it needs answers, and names what does not', async () => {
    const ready = await waitFor('readiness', async () => {
      const answer = await ask(`${web.url}/ready`);
      return answer.status === 200 && answer;
    });
    expect(JSON.parse(ready.body)).toMatchObject({ status: 'ready', service: 'web' });
    const { status, body } = await ask(`${lonely.url}/ready`);
    expect(status).toBe(503);
    const { checks } = JSON.parse(body) as { checks: { name: string; ok: boolean }[] };
    expect(checks.filter((check) => !check.ok).map(({ name }) => name)).toEqual(['api']);
  });

  test('turns away a foreign host name, on pages, forwarded calls and websockets', async () => {
    const headers = { host: 'evil.example' };
    for (const path of ['/', '/api/status', '/health', '/assets/x.js']) {
      const { status, body } = await ask(web.url + path, headers);
      expect(status).toBe(403);
      expect(body).not.toContain('LLM Monitor</title>');
    }
    expect(await tryToConnect(web.url, headers)).toBe(false);
    expect(await tryToConnect(web.url, { host: `localhost:${web.port}` })).toBe(true);
  });

  test('turns away websockets and changes that a foreign page asks for', async () => {
    const headers = { origin: 'http://evil.example' };
    expect(await tryToConnect(web.url, headers)).toBe(false);
    expect(await tryToConnect(web.url, { origin: web.url })).toBe(true);
    expect((await ask(`${web.url}/api/alerts`, headers, 'POST')).status).toBe(403);
  });

  test('asks for the token where one is set', async () => {
    for (const path of ['/', '/api/status', '/docs']) {
      const { status, headers } = await ask(guarded.url + path);
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toMatch(/^Bearer /);
    }
    expect((await ask(`${guarded.url}/health`)).status).toBe(200);
    expect(await tryToConnect(guarded.url, {})).toBe(false);
    expect(await tryToConnect(guarded.url, { authorization: 'Bearer wrong' })).toBe(false);

    const bearer = { authorization: 'Bearer a-secret' };
    const basic = { authorization: `Basic ${Buffer.from('me:a-secret').toString('base64')}` };
    expect((await ask(`${guarded.url}/api/status`, bearer)).status).toBe(200);
    expect((await ask(`${guarded.url}/`, basic)).status).not.toBe(401);
    expect(await tryToConnect(guarded.url, bearer)).toBe(true);
    expect(await tryToConnect(guarded.url, basic)).toBe(true);
  });

  test('takes no more dashboards than it was told to', async () => {
    const clients = await Promise.all([1, 2, 3].map(() => startLiveClient(web.url)));
    expect(await tryToConnect(web.url, {})).toBe(false);
    clients[0]!.close();
    await waitFor('room for one', () => tryToConnect(web.url, {}));
    for (const client of clients) client.close();
  });

  test('ends in good order with a thousand dashboards open', async () => {
    const env = { NATS_URL: nats.url, REDIS_URL: redis.url, API_URL: api.url };
    const service = await startService('web', env);
    const sockets = Array.from({ length: 1000 }, () =>
      io(service.url, { transports: ['websocket'], forceNew: true, reconnection: false }),
    );
    try {
      await waitFor('all of them', () => sockets.every((socket) => socket.connected), {
        timeoutMs: 30_000,
      });
      service.signal('SIGTERM');
      expect(await service.exited).toBe(0);
      await waitFor('all to know', () => sockets.every((socket) => !socket.connected));
      // An ordinary end is nothing to warn of.
      expect(service.output()).not.toContain('cannot read the change feed');
    } finally {
      for (const socket of sockets) socket.disconnect();
    }
  });
});
