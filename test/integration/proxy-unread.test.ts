import { afterAll, beforeAll, expect, test } from 'vitest';

import { collectEvents, type EventCollector } from '../helpers/collect-events.ts';
import { whole } from '../helpers/http-bytes.ts';
import { startRawServer, type RawServer } from '../helpers/raw-server.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startProxy, type RunningProxy } from '../helpers/start-proxy.ts';

let nats: NatsServer;
let events: EventCollector;
let server: RawServer;
let proxy: RunningProxy;
let status = 200;

/** Nobody here can read it: zstd is what a server between may answer with to whom takes it. */
const BYTES = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 88, 9]);

beforeAll(async () => {
  nats = await startNats();
  events = await collectEvents(nats.url);
  server = await startRawServer(() =>
    whole(BYTES, {
      status,
      headers: { 'Content-Type': 'application/x-ndjson', 'Content-Encoding': 'zstd' },
    }),
  );
  proxy = await startProxy(server.url, { NATS_URL: nats.url });
});
afterAll(async () => {
  await proxy.agent.stop();
  await server.close();
  await events.stop();
  await nats.stop();
});

async function endOf(app: string) {
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello?' }] });
  const headers = { 'x-llm-monitor-app': app };
  const answer = await fetch(`${proxy.url}/api/chat`, { method: 'POST', headers, body });
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(BYTES);
  return (await events.endedCalls(app))[0]!.ended[0]!.event.data;
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
