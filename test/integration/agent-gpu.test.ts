import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { createMonitor } from '@llm-monitor/client';
import { Ollama } from '@llm-monitor/client/ollama';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startFakeOllama } from '../helpers/fake-ollama.ts';
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
  const server = await startFakeOllama({ respond: () => ({ firstTokenDelayMs: 1500 }) });
  const monitor = createMonitor({ natsUrl: nats.url, app: 'energy' });
  const PATH = `${folder}${delimiter}${process.env['PATH']}`;
  const agent = await startAgent(nats.url, { ...INTERVALS, PATH, OLLAMA_URL: server.url });
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
    // What it drew while a call ran alone is that call's.
    const ollama = new Ollama({ host: server.url, monitor });
    const asked = words.sample('the energy of the call', ({ requests }) =>
      (requests ?? []).some((one) => (one.energyJoules ?? 0) > 1.4 * 312),
    );
    const began = performance.now();
    await ollama.chat({ model: 'm', messages: [{ role: 'user', content: 'Why?' }] });
    const seconds = (performance.now() - began) / 1000;
    const [told] = (await asked).requests ?? [];
    expect(told?.app).toBe('energy');
    expect((told?.energyJoules ?? 0) / 312.45).toBeLessThan(seconds + 1);
  } finally {
    await agent.stop();
    await monitor.close();
    await server.close();
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
