import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createMonitor, type BusCredentials } from '@llm-monitor/client';
import { connect, nkeys, type ConnectionOptions } from '@nats-io/transport-node';
import { generate } from 'selfsigned';
import { expect, onTestFinished, test } from 'vitest';

import { createNatsOperator } from '../helpers/nats-jwt.ts';
import { startNats } from '../helpers/start-nats.ts';
import { waitFor } from '../helpers/wait-for.ts';

/** A folder that is gone after the test. */
function folder() {
  const path = mkdtempSync(join(tmpdir(), 'credentials-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return {
    write(name: string, text: string) {
      writeFileSync(join(path, name), text, { mode: 0o600 });
      return join(path, name);
    },
  };
}

/** Starts a server that asks who one is. */
async function guardedBus(config: string, options: { jetstream?: boolean } = {}) {
  const nats = await startNats({
    args: ['-c', folder().write('nats.conf', config)],
    ...options,
  });
  onTestFinished(() => nats.stop());
  return nats;
}

/** Makes a call in a monitored program, and says what reached somebody who is let in. */
async function expectArrival(url: string, nats: BusCredentials, reader: ConnectionOptions) {
  const subscriber = await connect({ servers: url.replace('tls://', ''), ...reader });
  const monitor = createMonitor({ natsUrl: url, nats, app: 'guarded' });
  onTestFinished(async () => {
    await monitor.close();
    await subscriber.close();
  });
  const subjects: string[] = [];
  subscriber.subscribe('llm.request.>', {
    callback: (_, message) => void subjects.push(message.subject),
  });
  await subscriber.flush();
  await monitor.trackRequest({ model: 'm' }, () => 'fine');
  await waitFor('an end event', () => subjects.includes('llm.request.completed.guarded.m'));
  return monitor;
}

test('a user and a password let a client in', async () => {
  const nats = await guardedBus('authorization { user: ann, password: "p/w d" }');
  await expectArrival(nats.url, { user: 'ann', password: 'p/w d' }, { user: 'ann', pass: 'p/w d' });
});

test('a token lets a client in', async () => {
  const nats = await guardedBus('authorization { token: "s3cret" }');
  await expectArrival(nats.url, { token: 's3cret' }, { token: 's3cret' });
});

test('the seed of an nkey lets a client in, and never leaves it', async () => {
  const user = nkeys.createUser();
  const seed = new TextDecoder().decode(user.getSeed());
  const config = `authorization { users: [{ nkey: ${user.getPublicKey()} }, { user: r, password: r }] }`;
  const nats = await guardedBus(config);
  const monitor = await expectArrival(nats.url, { nkey: seed }, { user: 'r', pass: 'r' });
  expect(JSON.stringify(monitor.state())).not.toContain(seed);
});

test('a credentials file lets a client in', async () => {
  const { config, creds } = createNatsOperator();
  const nats = await guardedBus(config, { jetstream: false });
  const { credsAuthenticator } = await import('@nats-io/transport-node');
  const authenticator = credsAuthenticator(new TextEncoder().encode(creds));
  await expectArrival(
    nats.url,
    { credsFile: folder().write('user.creds', creds) },
    { authenticator },
  );
});

test('a client trusts the certificate authority that it is told, and shows its own certificate', async () => {
  const altNames = [
    { type: 7 as const, ip: '127.0.0.1' },
    { type: 2 as const, value: 'localhost' },
  ];
  const made = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  const { write } = folder();
  const caFile = write('ca.pem', made.cert);
  const keyFile = write('key.pem', made.private);
  const config = `tls { cert_file: "${caFile}", key_file: "${keyFile}", ca_file: "${caFile}", verify: true }`;
  const nats = await guardedBus(config);
  const tls = { ca: made.cert, cert: made.cert, key: made.private };
  const url = nats.url.replace('nats://', 'tls://');
  await expectArrival(url, { tls: { caFile, certFile: caFile, keyFile } }, { tls });
  // Without them the same server does not let it in, and the app goes on.
  const stranger = createMonitor({ natsUrl: url, app: 'stranger' });
  onTestFinished(() => stranger.close());
  expect(await stranger.trackRequest({ model: 'm' }, () => 'fine')).toBe('fine');
  expect(await stranger.flush(1500)).toBe(false);
  expect(stranger.state()).toMatchObject({ connected: false, queued: 2 });
});

test.each<[string, BusCredentials]>([
  ['a wrong password', { user: 'ann', password: 'wrong' }],
  ['a file that is not there', { credsFile: '/no/such/file.creds' }],
  ['a seed that is none', { nkey: 'nonsense' }],
  ['a certificate that is not there', { tls: { caFile: '/no/such/ca.pem' } }],
])('with %s an app runs on and keeps its events', async (_, credentials) => {
  const nats = await guardedBus('authorization { user: ann, password: right }');
  const monitor = createMonitor({ natsUrl: nats.url, nats: credentials, app: 'refused' });
  onTestFinished(() => monitor.close());
  expect(await monitor.trackRequest({ model: 'm' }, () => 'fine')).toBe('fine');
  expect(await monitor.flush(1000)).toBe(false);
  expect(monitor.state()).toMatchObject({ connected: false, queued: 2, droppedEvents: 0 });
});
