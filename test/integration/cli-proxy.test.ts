import { createServer } from 'node:net';

import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { expect, onTestFinished, test } from 'vitest';

import { startFakeOllama } from '../helpers/fake-ollama.ts';
import { freePort } from '../helpers/free-port.ts';
import { createCli } from '../helpers/run-cli.ts';
import { startNats } from '../helpers/start-nats.ts';
import { waitFor } from '../helpers/wait-for.ts';

async function fakeOllama() {
  const fake = await startFakeOllama({ models: ['mistral:latest'] });
  onTestFinished(() => fake.close());
  return fake;
}

async function cliWith(env: Record<string, string>) {
  const cli = await createCli({ env });
  onTestFinished(() => cli.remove());
  return cli;
}

/** As a program in any language does it. */
async function generate(address: string): Promise<string> {
  const answer = await fetch(`http://${address}/api/generate`, {
    method: 'POST',
    body: JSON.stringify({ model: 'mistral', prompt: 'Why?', stream: false }),
  });
  return ((await answer.json()) as { response: string }).response;
}

test('a started stack has a proxy, whose calls are kept under the name of the program', async () => {
  const fake = await fakeOllama();
  const cli = await cliWith({ OLLAMA_URL: fake.url });
  const { code, output } = await cli.run('start');
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toContain(`127.0.0.1:${cli.proxyPort} → ${new URL(fake.url).host}`);
  expect(output).not.toContain('no Ollama answers');
  await generate(`127.0.0.1:${cli.proxyPort}`);
  const [kept] = await waitFor('the call to be kept', async () => {
    const rows = (await (await fetch(`${cli.url}/api/requests`)).json()) as EndedRequest[];
    return rows.length > 0 && rows;
  });
  expect(kept).toMatchObject({
    app: 'node',
    model: 'mistral',
    prompt: 'Why?',
    status: 'completed',
  });
});

test('a stack runs without a proxy where its port is taken, and says by whom', async () => {
  const holder = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void holder.close());
  const cli = await cliWith({
    PROXY_LISTEN: `127.0.0.1:${port}`,
    OLLAMA_URL: `http://127.0.0.1:${await freePort()}`,
  });
  const { code, output } = await cli.run('start');
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toContain(`127.0.0.1:${port} is taken by`);
  expect(output).toContain(`pid ${process.pid}`);
  expect(output).toContain(`PROXY_LISTEN=127.0.0.1:${port + 1}`);
  expect(output).toContain('no Ollama answers');
  expect((await cli.run('status')).output).not.toContain('OLLAMA_HOST=');
});

test('the proxy alone passes calls on until a signal, and leaves nothing behind', async () => {
  const [fake, nats] = await Promise.all([fakeOllama(), startNats()]);
  onTestFinished(() => nats.stop());
  const cli = await cliWith({ NATS_URL: nats.url });
  const at = `127.0.0.1:${await freePort()}`;
  const proxy = cli.start('proxy', '--listen', at, '--upstream', fake.url);
  await waitFor('the proxy to run', () => proxy.output().includes('The proxy runs'));
  expect(proxy.output()).toContain(`OLLAMA_HOST=${at} python app.py`);
  expect(proxy.output()).not.toContain('yet');
  expect(await generate(at)).toBe(await generate(new URL(fake.url).host));
  proxy.signal('SIGINT');
  expect(await proxy.exited).toBe(0);
  await expect(fetch(`http://${at}/`)).rejects.toThrow('fetch failed');
});

test('the proxy alone starts though nothing is behind it and no NATS is there, and says so', async () => {
  const [upstream, nats] = [await freePort(), await freePort()];
  const cli = await cliWith({ NATS_URL: `nats://127.0.0.1:${nats}` });
  const proxy = cli.start('proxy', '--upstream', `http://127.0.0.1:${upstream}`);
  await waitFor('the proxy to run', () => proxy.output().includes('Ctrl+C stops it'));
  expect(proxy.output()).toContain(`Nothing answers at 127.0.0.1:${upstream} yet`);
  expect(proxy.output()).toContain(`No NATS answers at nats://127.0.0.1:${nats} yet`);
  proxy.signal('SIGTERM');
  expect(await proxy.exited).toBe(0);
});

test('the proxy alone refuses a port that is taken and an upstream that is itself', async () => {
  const holder = createServer();
  const port = await freePort();
  await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void holder.close());
  const cli = await cliWith({});
  const taken = await cli.run('proxy', '--listen', String(port));
  expect(taken.code).toBe(1);
  expect(taken.output).toMatch(new RegExp(`Port ${port}, .*taken by .*pid ${process.pid}`));
  expect(taken.output).toContain(`--listen 127.0.0.1:${port + 1}`);
  const itself = await cli.run('proxy', '--upstream', `localhost:${cli.proxyPort}`);
  expect(itself).toMatchObject({ code: 1, output: expect.stringContaining('to itself') });
});
