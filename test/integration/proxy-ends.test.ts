import { afterEach, expect, test } from 'vitest';

import { answer, line, said, streamed, whole } from '../helpers/http-bytes.ts';
import { connectRaw, rawRequest } from '../helpers/raw-client.ts';
import { gate, startRawServer, type RawServer, type Step } from '../helpers/raw-server.ts';
import { startProxy, type RunningProxy } from '../helpers/start-proxy.ts';
import { waitFor } from '../helpers/wait-for.ts';

const [refusal] = whole('x'.repeat(10), { status: 403 });
/** All of it but the last byte. */
const REFUSAL = (refusal as Buffer).subarray(0, -1);

let server: RawServer;
let proxy: RunningProxy;

async function start(steps: readonly Step[]): Promise<void> {
  server = await startRawServer(() => steps);
  proxy = await startProxy(server.url);
}
afterEach(async () => {
  await proxy.agent.stop();
  await server.close();
});

test('a call that runs when the agent is told to end may end first, also while there is no bus', async () => {
  await start(streamed([line(said('one')), gate('rest'), ...answer('two', 'three')]));
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Why?' }] });
  const response = await fetch(`${proxy.url}/api/chat`, { method: 'POST', body });
  const text = response.text();
  text.catch(() => undefined);
  proxy.agent.signal('SIGTERM');
  await waitFor('the proxy to take no more calls', () =>
    connectRaw(proxy.url).then(
      ({ socket }) => void socket.destroy(),
      () => true,
    ),
  );
  server.open('rest');
  expect(await text).toContain('three');
  expect(await proxy.agent.exited).toBe(0);
});

test.each([
  ['that nobody answers', [gate('never')]],
  ['whose refusal has no end', [REFUSAL, gate('never')]],
])('who leaves a WebSocket %s is known to have left', async (_, steps) => {
  await start(steps);
  const client = await connectRaw(proxy.url);
  client.write(rawRequest('GET /ws', ['Connection: Upgrade', 'Upgrade: websocket']));
  await waitFor('the request', () => server.requests[0]?.state === 'at never');
  if (steps.length > 1) await client.until('xxx');
  client.socket.destroy();
  await waitFor('the server to be left', () => server.requests[0]?.state === 'client left');
});
