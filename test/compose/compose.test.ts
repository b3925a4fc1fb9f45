import { fileURLToPath } from 'node:url';

import type { EndedRequest, Status } from '@llm-monitor/contracts/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startFakeOllama, type RunningFakeOllama } from '../helpers/fake-ollama.ts';
import { startProgram } from '../helpers/start-program.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { createComposedStack, type ComposedStack } from './composed-stack.ts';

const PROGRAM = fileURLToPath(new URL('./chat.mjs', import.meta.url));
const SERVICES = ['agent', 'alerts', 'api', 'collector', 'nats', 'redis', 'web'];
const UP_TIMEOUT_S = '180';

let stack: ComposedStack;
let ollama: RunningFakeOllama;

beforeAll(async () => {
  ollama = await startFakeOllama({ models: ['llama3.2:3b'] });
  stack = await createComposedStack();
  await stack.compose('build');
  await up('collector=2');
}, 480_000);
afterAll(async () => {
  await stack?.compose('down', '--volumes', '--timeout', '5');
  await ollama?.close();
});

const up = (scale: string) =>
  stack.compose('up', '-d', '--wait', '--wait-timeout', UP_TIMEOUT_S, '--scale', scale);

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`${stack.webUrl}${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Makes calls as an app on this machine does: outside of the containers, through the published NATS. */
async function makeCalls(count: number): Promise<void> {
  const program = startProgram(process.execPath, [PROGRAM, String(count)], {
    env: {
      OLLAMA_HOST: ollama.url,
      LLM_MONITOR_NATS_URL: stack.natsUrl,
      LLM_MONITOR_APP: 'compose-test',
    },
  });
  expect(await program.exited, program.output()).toBe(0);
}

async function expectCompleted(count: number): Promise<void> {
  try {
    await waitFor(`${count} completed calls`, async () => {
      return (await get<Status>('/api/status')).completed_requests >= count;
    });
  } catch (error) {
    throw new Error(await stack.compose('logs', '--tail', '50'), { cause: error });
  }
  const status = await get<Status>('/api/status');
  expect(status).toMatchObject({
    total_requests: count,
    completed_requests: count,
    failed_requests: 0,
    active_requests: 0,
  });
}

test('a call made outside of the containers is in the history, read through the one published address', async () => {
  await makeCalls(1);
  await expectCompleted(1);
  const [row] = await get<EndedRequest[]>('/api/requests');
  expect(row).toMatchObject({
    app: 'compose-test',
    model: 'llama3.2:3b',
    prompt: 'question 0',
    status: 'completed',
    tokens_source: 'server',
  });
});

test('the dashboard and its script are served', async () => {
  const page = await (await fetch(stack.webUrl)).text();
  expect(page).toContain('<!doctype html>');
  const script = /<script[^>]+src="([^"]+)"/.exec(page)?.[1];
  expect(script).toBeDefined();
  const answer = await fetch(new URL(script ?? '', stack.webUrl));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('javascript');
});

test('the proxy answers programs of this machine, whether an Ollama is behind it or not', async () => {
  const answer = await fetch(`${stack.proxyUrl}/api/version`);
  expect(answer.headers.get('x-llm-monitor-agent')).toBeTruthy();
});

test('four collectors need no other change and share the work exactly', async () => {
  await up('collector=4');
  expect(await stack.containers('collector')).toHaveLength(4);
  await makeCalls(20);
  await expectCompleted(21);
});

test('every container runs without root, without capabilities and on a read-only file system', async () => {
  const ids = await stack.containers();
  const inspected = JSON.parse(await stack.docker('inspect', ...ids)) as {
    Config: { Labels: Record<string, string> };
    HostConfig: {
      ReadonlyRootfs: boolean;
      CapDrop: string[];
      SecurityOpt: string[];
      Memory: number;
      PidsLimit: number;
    };
    NetworkSettings: { Ports: Record<string, { HostIp: string }[] | null> };
  }[];
  const service = (one: (typeof inspected)[number]) =>
    one.Config.Labels['com.docker.compose.service'] ?? '';
  expect([...new Set(inspected.map(service))].toSorted()).toEqual(SERVICES);
  const published: string[] = [];
  for (const one of inspected) {
    const { HostConfig: host, NetworkSettings: network } = one;
    expect(host, service(one)).toMatchObject({
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true'],
    });
    expect(host.Memory).toBeGreaterThan(0);
    expect(host.PidsLimit).toBeGreaterThan(0);
    for (const bindings of Object.values(network.Ports)) {
      for (const { HostIp } of bindings ?? []) published.push(`${service(one)} ${HostIp}`);
    }
  }
  expect(published.toSorted()).toEqual(['agent 127.0.0.1', 'nats 127.0.0.1', 'web 127.0.0.1']);
  for (const name of SERVICES) {
    expect((await stack.compose('exec', '-T', name, 'id', '-u')).trim()).not.toBe('0');
  }
});

test('what was collected outlives the containers', async () => {
  await stack.compose('down', '--timeout', '10');
  await up('collector=1');
  await expectCompleted(21);
  await makeCalls(1);
  await expectCompleted(22);
});

test('a rebuild runs in a container, as the user that collectors have', async () => {
  const program = 'services/collector/dist/rebuild/main.js';
  const said = await stack.compose('exec', '-T', 'collector', 'node', program);
  expect(said).toContain('"generation":2');
  await expectCompleted(22);
  await makeCalls(1);
  await expectCompleted(23);
  expect(await stack.compose('exec', '-T', 'collector', 'node', program, 'drop-old')).toMatch(
    /"dropped":[1-9]/,
  );
});
