import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import { createApi } from './api.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** The API over a real server that answers everything alike. */
async function anApi(status: number, body: unknown) {
  const asked: { method?: string | undefined; url?: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    request.on('end', () => {
      asked.push({ method: request.method, url: request.url, body: text });
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(() => server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = createApi((path, init) => fetch(new URL(path as string, origin), init));
  return { api, asked };
}

const CALL = { id: 'request-1', app: 'web shop' };

test('a cancel says which call, and who asks', async () => {
  const { api, asked } = await anApi(200, { id: 'request-1', reached: true, aborted: true });
  expect(await api.cancelRequest(CALL)).toMatchObject({ aborted: true });
  expect(asked).toEqual([
    {
      method: 'POST',
      url: '/api/requests/request-1/cancel?app=web%20shop',
      body: '{"by":"dashboard"}',
    },
  ]);
});

test('a problem is an error with what it said', async () => {
  const { api } = await anApi(403, { title: 'Switched off', detail: 'CANCEL=off' });
  await expect(api.cancelRequest(CALL)).rejects.toMatchObject({
    status: 403,
    message: 'CANCEL=off',
  });
});

test('nobody there is an error of status 0', async () => {
  const api = createApi(() => Promise.reject(new TypeError('fetch failed')));
  await expect(api.readRequest('request-1', new AbortController().signal)).rejects.toMatchObject({
    status: 0,
    message: 'fetch failed',
  });
});
