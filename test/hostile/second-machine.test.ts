import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createFakeOllama, type FakeOllama } from '@llm-monitor/fake-ollama';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { addAgent, addApp, connectAs, connectOnceKnown } from '../helpers/bus-user.ts';
import { createCli, type Cli } from '../helpers/run-cli.ts';
import type { Program } from '../helpers/start-program.ts';
import { waitFor } from '../helpers/wait-for.ts';

// 127.0.0.2 is not this machine's usual address, so it stands for its address in a network.
const ADDRESS = '127.0.0.2';

let first: Cli;
let second: Cli;
let ollama: FakeOllama;
let upstream: string;
let running: Program;

beforeAll(async () => {
  ollama = createFakeOllama();
  upstream = await ollama.listen();
  first = await createCli({ env: { NATS_HOST: ADDRESS } });
  second = await createCli();
  const { code, output } = await first.run('start');
  if (code !== 0) throw new Error(output);
}, 120_000);
afterAll(async () => {
  await running?.stop();
  await first.remove();
  await second.remove();
  await ollama.close();
}, 60_000);

test('a monitor that listens beyond its machine asks for credentials and speaks TLS, without a word about it', async () => {
  const { code, output } = await first.run('test');
  expect(output).toContain('Everything works');
  expect(code).toBe(0);
  const app = await addApp(first, 'shop');
  expect(app.url).toMatch(new RegExp(`^tls://${ADDRESS}:`));
  // The certificate is of no authority that this machine would know by itself.
  const stranger = { url: app.url, user: app.user, password: app.password };
  await expect(connectAs(stranger)).rejects.toThrow(/certificate|TLS|closed/i);
  const user = await connectOnceKnown(app);
  expect(await user.mayPublish('llm.progress.shop.m')).toBe(true);
  await user.connection.close();
});

test('one command on each machine joins the second one: calls through its proxy are seen under its host', async () => {
  const { token } = await addAgent(first, 'laptop');
  running = second.start('agent', '--join', token, '--upstream', upstream);
  await waitFor('the proxy to run', () => running.output().includes('The proxy runs'), {
    timeoutMs: 30_000,
  });
  expect(running.output()).not.toContain(token);
  // Everybody on a machine sees the list of its processes, and this one runs for days.
  expect(await readFile(`/proc/${running.pid}/cmdline`, 'utf8')).not.toContain(token);
  await callThrough(second);
  await waitFor('the call to be seen', async () => (await hostsOfCalls()).includes('laptop'));
  await waitFor('the second machine to be among the hosts', async () => {
    const hosts = (await ask('/api/hosts')) as { name?: string; host?: string }[];
    return JSON.stringify(hosts).includes('laptop');
  });
  await running.stop();
});

test('later the second machine joins without the token, which is kept where only its owner reads', async () => {
  const path = join(second.home, 'enrolment.json');
  expect((await stat(path)).mode & 0o077).toBe(0);
  const before = (await hostsOfCalls()).length;
  running = second.start('agent', '--upstream', upstream);
  await waitFor('the proxy to run', () => running.output().includes('The proxy runs'), {
    timeoutMs: 30_000,
  });
  await callThrough(second);
  await waitFor('the call to be seen', async () => (await hostsOfCalls()).length > before);
  await running.stop();
});

test('what the second machine was given lets it speak for no other host, and touch no stream', async () => {
  const credentials = JSON.parse(await readFile(join(second.home, 'enrolment.json'), 'utf8'));
  const agent = await connectAs(credentials);
  expect(await agent.mayPublish('llm.host.sampled.laptop')).toBe(true);
  const others = ['llm.host.sampled.server', 'llm.models.listed.server', 'llm.dead-letter.invalid'];
  const streams = ['$JS.API.STREAM.PURGE.LLM_REQUESTS', '$JS.API.STREAM.INFO.LLM_REQUESTS'];
  for (const subject of [...others, ...streams, 'llm.control.cancel.shop.i', 'llm.alert.fired.x']) {
    expect(await agent.mayPublish(subject), subject).toBe(false);
  }
  await agent.connection.close();
});

test('a machine whose agent is revoked is out', async () => {
  const { credentials } = await addAgent(first, 'lost');
  const agent = await connectOnceKnown(credentials);
  await first.run('credentials', 'revoke', 'agent-lost');
  await agent.connection.closed();
  await expect(connectAs(credentials)).rejects.toThrow(/authorization/i);
});

test('half a token, and a machine that never joined, are told what to do', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fresh-'));
  const fresh = await createCli({ env: { LLM_MONITOR_HOME: folder } });
  const half = await fresh.run('agent', '--join', 'eyJ2ZXJzaW9uIjox');
  expect(half.code).toBe(1);
  expect(half.output).toContain('no join token');
  const never = await fresh.run('agent');
  expect(never.code).toBe(1);
  expect(never.output).toContain('credentials add --agent');
  const local = await fresh.run('credentials', 'add', '--agent', 'x');
  expect(local.output).toContain('NATS_HOST=0.0.0.0');
  await fresh.remove();
  await rm(folder, { recursive: true, force: true });
});

test('NATS is not opened to a network without credentials', async () => {
  const open = await createCli({ env: { NATS_HOST: ADDRESS, NATS_AUTH: 'local' } });
  const { code, output } = await open.run('up');
  expect(code).toBe(1);
  expect(output).toContain('would let anybody in');
  await open.remove();
});

async function callThrough(cli: Cli): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${cli.proxyPort}/api/generate`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', prompt: 'from the second machine', stream: false }),
  });
  expect(response.status).toBe(200);
  await response.text();
}

async function ask(path: string): Promise<unknown> {
  return await (await fetch(`${first.url}${path}`)).json();
}

async function hostsOfCalls(): Promise<string[]> {
  return ((await ask('/api/requests')) as { host: string }[]).map(({ host }) => host);
}
