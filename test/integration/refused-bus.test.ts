import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connectBus, createLogger } from '@llm-monitor/runtime';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { waitFor } from '../helpers/wait-for.ts';

let folder: string;
let nats: NatsServer;
let connection: NatsConnection | undefined;
const users = (password: string) =>
  writeFile(join(folder, 'nats.conf'), `authorization { user: agent, password: "${password}" }\n`);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'refused-'));
  await users('first');
  nats = await startNats({ jetstream: false, args: ['-c', join(folder, 'nats.conf')] });
});
afterAll(async () => {
  await connection?.close();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a service that NATS does not let in at its start says so, and not that NATS cannot be reached', async () => {
  const said: string[] = [];
  const to = { write: (line: string) => void said.push((JSON.parse(line) as { msg: string }).msg) };
  const log = createLogger({ service: 'test', level: 'info', to });
  const url = nats.url.replace('//', '//agent:revoked@');
  const connecting = connectBus({ url, name: 'test', log });
  await waitFor('it to say something', () => said.length > 0);
  expect(said).toEqual(['NATS does not let this service in; dialling until it does']);
  await users('revoked');
  process.kill(nats.pid(), 'SIGHUP');
  await (await connecting).close();
  await users('first');
  process.kill(nats.pid(), 'SIGHUP');
});

test('a service that NATS lets in no more says so once, and again only when it changes', async () => {
  const said: string[] = [];
  const to = { write: (line: string) => void said.push((JSON.parse(line) as { msg: string }).msg) };
  const log = createLogger({ service: 'test', level: 'info', to });
  const url = nats.url.replace('//', '//agent:first@');
  connection = await connectBus({ url, name: 'test', log });
  let refusals = 0;
  void (async () => {
    for await (const { type } of connection.status()) if (type === 'error') refusals += 1;
  })();
  await users('second');
  process.kill(nats.pid(), 'SIGHUP');
  await waitFor('it to be refused again and again', () => refusals > 3);
  expect(said.toSorted()).toEqual([
    'NATS reported an error',
    'lost the connection to NATS; dialling until it is back',
  ]);
  await users('first');
  process.kill(nats.pid(), 'SIGHUP');
  await waitFor('it to be let in', () => said.includes('connected to NATS again'));
});
