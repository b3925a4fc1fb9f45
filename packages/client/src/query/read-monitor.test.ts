import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

import { expect, onTestFinished, test, vi } from 'vitest';

import {
  getActiveRequests,
  getModelPerformance,
  getMonitorStatus,
  getRecentRequests,
} from './read-monitor.ts';

async function monitorAt(listener: RequestListener): Promise<void> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  vi.stubEnv('LLM_MONITOR_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.close();
  });
}

test('the read functions ask the monitor', async () => {
  const asked: string[] = [];
  await monitorAt((request, response) => {
    asked.push(request.url ?? '');
    response.end(JSON.stringify(request.url === '/api/status' ? { status: 'ok' } : [{ id: 1 }]));
  });
  expect(await getMonitorStatus()).toEqual({ status: 'ok' });
  for (const read of [getActiveRequests, getRecentRequests, getModelPerformance]) {
    expect(await read()).toEqual([{ id: 1 }]);
  }
  await getRecentRequests(3);
  expect(asked).toEqual([
    ...['/api/status', '/api/active', '/api/requests?limit=10', '/api/models'],
    '/api/requests?limit=3',
  ]);
});

test.each([503, 200])('a monitor that answers %i and no JSON counts as down', async (status) => {
  await monitorAt((_, response) => response.writeHead(status).end('<html>'));
  expect(await getMonitorStatus()).toBeNull();
  expect(await getActiveRequests()).toEqual([]);
});

test('a monitor that is not there gives null and empty arrays', async () => {
  vi.stubEnv('LLM_MONITOR_URL', 'http://127.0.0.1:1');
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await getMonitorStatus()).toBeNull();
  for (const read of [getActiveRequests, getRecentRequests, getModelPerformance]) {
    expect(await read()).toEqual([]);
  }
});
