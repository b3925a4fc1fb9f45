import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { hearAgents, startAgent } from '../helpers/start-agent.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';

const INTERVALS = { SAMPLE_INTERVAL_MS: '100', IDLE_SAMPLE_INTERVAL_MS: '100' };
const QUERY = 'name,utilization.gpu,memory.used,memory.total,power.draw,temperature.gpu';

let nats: NatsServer;
let bus: NatsConnection;
let folder: string;

beforeAll(async () => {
  nats = await startNats();
  bus = await connect({ servers: nats.url });
  folder = await mkdtemp(join(tmpdir(), 'nvidia-'));
});
afterAll(async () => {
  await bus.close();
  await nats.stop();
  await rm(folder, { recursive: true, force: true });
});

test('an agent tells load, memory, power and temperature of the GPUs that nvidia-smi knows', async () => {
  const program = join(folder, 'nvidia-smi');
  await writeFile(
    program,
    `#!/bin/sh\ntest "$1" = --query-gpu=${QUERY} || exit 9\necho 'NVIDIA GeForce RTX 4090, 87, 5000, 24564, 312.45, 61'\n`,
  );
  await chmod(program, 0o755);
  const words = await hearAgents(bus);
  const PATH = `${folder}${delimiter}${process.env['PATH']}`;
  const agent = await startAgent(nats.url, { ...INTERVALS, PATH });
  try {
    const { gpus } = await words.sample('a GPU', (one) => (one.gpus?.length ?? 0) > 0);
    expect(gpus).toEqual([
      {
        name: 'NVIDIA GeForce RTX 4090',
        loadPercent: 87,
        vramUsedBytes: 5000 * 1024 ** 2,
        vramTotalBytes: 24_564 * 1024 ** 2,
        powerWatts: 312.45,
        temperatureCelsius: 61,
      },
    ]);
  } finally {
    await agent.stop();
  }
});

test('an agent that has looked says once what it found', async () => {
  const agent = await startAgent(nats.url, { ...INTERVALS, LOG_LEVEL: 'info' });
  const words = await hearAgents(bus);
  try {
    const said = /GPU/g;
    await words.sample('a sample after the look', () => said.test(agent.output()));
    await words.sample('another', () => true);
    expect(agent.output().match(said)).toHaveLength(1);
  } finally {
    await agent.stop();
  }
});
