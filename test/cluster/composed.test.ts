import type { Status } from '@llm-monitor/contracts/rest';
import { parseBusUrl } from '@llm-monitor/runtime';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createComposedStack, type ComposedStack } from '../compose/composed-stack.ts';
import { report } from '../faults/report.ts';
import { createLoad, publishLoad } from '../helpers/load.ts';
import { waitFor } from '../helpers/wait-for.ts';

const FILES = ['docker-compose.yml', 'docker-compose.cluster.yml'];
const SETUP_MS = 900_000;
/** Containers of a whole cluster on one machine. */
const PATIENCE = { timeoutMs: 120_000, everyMs: 500 };

let stack: ComposedStack;
let connection: NatsConnection;

beforeAll(async () => {
  stack = await createComposedStack({ files: FILES });
  await stack.compose('build');
  await up();
}, SETUP_MS);
afterAll(async () => {
  await connection?.close();
  await stack?.compose('down', '--volumes', '--timeout', '5');
}, SETUP_MS);

const up = () => stack.compose('up', '-d', '--wait', '--wait-timeout', '300');

async function status(): Promise<Status | undefined> {
  const response = await fetch(`${stack.webUrl}/api/status`).catch(() => undefined);
  return response?.ok ? ((await response.json()) as Status) : undefined;
}

async function primaries(): Promise<string> {
  const nodes = await stack.compose('exec', '-T', 'redis', 'redis-cli', 'cluster', 'nodes');
  const live = nodes
    .split('\n')
    .filter((line) => /\bmaster\b/.test(line) && !line.includes('fail'));
  const addresses = live.map((line) => line.split(' ')[1] ?? '');
  return addresses.toSorted((a, b) => a.localeCompare(b)).join();
}

test(
  'a composed cluster counts exactly through the failover of a Redis primary, and keeps it all when made anew',
  async () => {
    connection = await connect({ ...parseBusUrl(stack.natsUrl), maxReconnectAttempts: -1 });
    const load = createLoad({ seed: 51, calls: 2000 });
    const publishing = publishLoad(connection, load.events, { perSecond: 250 });
    const before = await primaries();
    await stack.compose('stop', '--timeout', '1', 'redis-2', 'nats-2');
    const isReplaced = async () => {
      const now = await primaries();
      return now !== before && now.split(',').length === 3;
    };
    await waitFor('a replica to take over', isReplaced, PATIENCE);
    await stack.compose('start', 'redis-2', 'nats-2');
    const { acked } = await publishing;

    const { started, completed, cancelled, outputTokens } = load.truth;
    const exact = {
      total_requests: started,
      completed_requests: completed,
      cancelled_requests: cancelled,
      total_tokens: outputTokens,
    };
    const isExact = async () => (await status())?.total_requests === started;
    await waitFor('all calls to be counted', isExact, PATIENCE);
    await waitFor(
      'all ends, too',
      async () => (await status())?.completed_requests === completed,
      PATIENCE,
    );
    expect(await status()).toMatchObject(exact);

    await stack.compose('down', '--timeout', '10');
    await up();
    const after = await status();
    report(
      'stop a Redis primary and a NATS server of the composed cluster, then all of it',
      `${acked} events acked by the broker, ${after?.total_requests} of ${started} calls`,
      'exact',
      () => expect(after).toMatchObject(exact),
    );
  },
  SETUP_MS,
);
