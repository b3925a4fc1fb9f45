import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { BusAddress } from './bus-address.ts';
import type { BusMessage } from './bus-connection.ts';
import type { BusCredentials } from './bus-credentials.ts';

/** What a process leaves behind that ends before it has reached the bus. */
export interface Legacy {
  address: BusAddress;
  credentials: BusCredentials;
  messages: BusMessage[];
}

const LONGEST_MS = 5000;

/** Run by a process of its own. The library is named by where this one has found it, for there is no folder to look from. */
const SCRIPT = `
import { readFileSync } from 'node:fs';
const { library, address, credentials: c, messages } = JSON.parse(readFileSync(0, 'utf8'));
setTimeout(() => process.exit(1), ${LONGEST_MS}).unref();
const { connect, headers, credsAuthenticator, nkeyAuthenticator } = await import(library);
const { host, port, tls: secure, ...inUrl } = address;
const tls = typeof c.tls === 'object' ? c.tls : (c.tls ?? secure) ? {} : undefined;
const nats = await connect({
  ...inUrl,
  ...(c.user ? { user: c.user } : {}), ...(c.password ? { pass: c.password } : {}), ...(c.token ? { token: c.token } : {}),
  ...(c.nkey ? { authenticator: nkeyAuthenticator(new TextEncoder().encode(c.nkey)) } : {}),
  ...(c.credsFile ? { authenticator: credsAuthenticator(readFileSync(c.credsFile)) } : {}),
  ...(tls ? { tls } : {}),
  servers: (host.includes(':') ? '[' + host + ']' : host) + ':' + port, reconnect: false,
});
for (const { subject, payload, headers: fields } of messages) {
  const head = headers();
  for (const name in fields) head.set(name, fields[name]);
  nats.publish(subject, payload, { headers: head });
}
await nats.drain();
`;

/**
 * Lets another process send what this one, which ends now, could not: a program that fails within a tenth of a second has made
 * calls, but no connection yet. What is said goes through a file that is gone before anybody could read it.
 */
export function handOver(legacy: Legacy): void {
  if (!isPlainNode()) return;
  const library = import.meta.resolve('@nats-io/transport-node');
  const messages = legacy.messages.map((message) => ({
    ...message,
    payload: Buffer.from(message.payload).toString(),
  }));
  const path = join(tmpdir(), `llm-monitor-${randomUUID()}`);
  const file = openSync(path, 'wx+', 0o600);
  try {
    unlinkSync(path);
    writeSync(file, JSON.stringify({ ...legacy, messages, library }), 0);
    spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], {
      detached: true,
      env: { ...process.env, NODE_OPTIONS: '', LLM_MONITOR_DISABLED: '1' },
      stdio: [file, 'ignore', 'ignore'],
      windowsHide: true,
    }).unref();
  } finally {
    closeSync(file);
  }
}

/** Anything else than Node would not run a script this way; and Windows does not unlink a file that is open. */
function isPlainNode(): boolean {
  return (
    process.release.name === 'node' &&
    process.platform !== 'win32' &&
    process.versions['electron'] === undefined &&
    /(^|\/)node[^/]*$/.test(process.execPath)
  );
}
