import { expect, test } from 'vitest';

import { whole } from '../helpers/http-bytes.ts';
import { startRawServer } from '../helpers/raw-server.ts';
import { useWatchedProxy, type WatchedProxy } from '../helpers/use-watched-proxy.ts';

let proxy: WatchedProxy;
let status = 200;

/** Nobody here can read it: zstd is what a server between may answer with to whom takes it. */
const BYTES = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 88, 9]);

useWatchedProxy(
  () =>
    startRawServer(() =>
      whole(BYTES, {
        status,
        headers: { 'Content-Type': 'application/x-ndjson', 'Content-Encoding': 'zstd' },
      }),
    ),
  (started) => (proxy = started),
);

async function endOf(app: string) {
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello?' }] });
  const headers = { 'x-llm-monitor-app': app };
  const answer = await fetch(`${proxy.url}/api/chat`, { method: 'POST', headers, body });
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(BYTES);
  return proxy.endOf(app);
}

test('an answer in an encoding that the proxy cannot read is no failure: what it says is not known', async () => {
  const end = await endOf('whole');
  expect(end).toMatchObject({ outcome: 'completed', usage: { source: 'none' } });
  expect(end).not.toHaveProperty('responsePreview');
});

test('by its status it can be one', async () => {
  status = 503;
  expect(await endOf('refused')).toMatchObject({ outcome: 'error', error: { status: 503 } });
});
