import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { startFakeOllama } from '../helpers/fake-ollama.ts';
import { freePort } from '../helpers/free-port.ts';
import { startProgram } from '../helpers/start-program.ts';

const PROGRAM = fileURLToPath(new URL('programs/call-ollama.mjs', import.meta.url));

async function run(env: Record<string, string>): Promise<string> {
  const fake = await startFakeOllama({ respond: () => ({ tokenDelayMs: 100 }) });
  onTestFinished(() => fake.close());
  const program = startProgram(process.execPath, [PROGRAM], {
    env: { CLIENT: '@llm-monitor/client/ollama', HOST: fake.url, ...env },
  });
  expect(await program.exited).toBe(0);
  return program.output();
}

test('a client that does not reach the bus says so only when it is asked to, once, and without a password', async () => {
  const port = await freePort();
  const LLM_MONITOR_NATS_URL = `nats://ann:s3cret@127.0.0.1:${port}`;
  expect(await run({ LLM_MONITOR_NATS_URL })).not.toContain('llm-monitor:');
  const told = await run({ LLM_MONITOR_NATS_URL, LLM_MONITOR_DEBUG: '1' });
  expect(told.split('llm-monitor: cannot reach')).toHaveLength(2);
  expect(told).toContain(`nats://127.0.0.1:${port}: nothing answers there that speaks NATS`);
  expect(told).not.toContain('s3cret');
});

test('an address that is no URL is told as well', async () => {
  const told = await run({ LLM_MONITOR_NATS_URL: 'htp://', LLM_MONITOR_DEBUG: '1' });
  expect(told).toContain('llm-monitor: cannot reach htp://: it is no address of a NATS server');
});
