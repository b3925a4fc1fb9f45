import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { startFakeOllama } from '../helpers/fake-ollama.ts';
import { startProgram } from '../helpers/start-program.ts';

const PROGRAM = fileURLToPath(new URL('programs/end-by-signal.mjs', import.meta.url));
const PACKAGE = fileURLToPath(new URL('../../packages/client/', import.meta.url));
const MONITORED = '@llm-monitor/client/ollama';

async function run(handler: string, clients: string) {
  const fake = await startFakeOllama({ models: ['m'] });
  onTestFinished(() => fake.close());
  const env = { HOST: fake.url, HANDLER: handler, CLIENTS: clients };
  const program = startProgram(process.execPath, [PROGRAM], {
    env: { ...env, LLM_MONITOR_NATS_URL: 'nats://127.0.0.1:1' },
  });
  onTestFinished(() => program.stop('SIGKILL'));
  return { code: await program.exited, output: program.output() };
}

test.each(['nobody', 'once before', 'once after', 'signal-exit 4'])(
  'SIGTERM that %s handles ends a program as it does with the bare client',
  async (handler) => {
    const bare = await run(handler, 'ollama');
    expect(await run(handler, MONITORED)).toEqual(bare);
  },
);

/** The built package in a folder of its own, as a program has it that was bundled or has two versions. */
async function secondCopy(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'llm-monitor-copy-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const part of ['package.json', 'dist']) {
    await cp(join(PACKAGE, part), join(folder, part), { recursive: true });
  }
  await symlink(join(PACKAGE, 'node_modules'), join(folder, 'node_modules'));
  return pathToFileURL(join(folder, 'dist/ollama/index.js')).href;
}

test('two copies of the package leave a signal to the process', async () => {
  const bare = await run('nobody', 'ollama');
  expect(await run('nobody', `${MONITORED} ${await secondCopy()}`)).toEqual(bare);
});
