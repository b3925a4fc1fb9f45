import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { startFakeOllama } from '../helpers/fake-ollama.ts';
import { freePort } from '../helpers/free-port.ts';
import { startProgram } from '../helpers/start-program.ts';

const PACKAGES = fileURLToPath(new URL('../../packages', import.meta.url));
const CONTRACTS = '@llm-monitor/contracts/';

/** Every package that built code loads, followed through its own files and those of the contracts. */
function packagesLoadedBy(entries: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const queue = [...entries];
  for (let file = queue.pop(); file; file = queue.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const source = readFileSync(file, 'utf8');
    for (const [, from] of source.matchAll(/(?<![.\w])(?:from|import)\s*\(?\s*'([^']+)'/g)) {
      if (!from) continue;
      if (from.startsWith('.')) queue.push(fileURLToPath(new URL(from, `file://${file}`)));
      else if (from.startsWith(CONTRACTS)) {
        queue.push(`${PACKAGES}/contracts/dist/${from.slice(CONTRACTS.length)}/index.js`);
      } else if (!from.startsWith('node:')) packages.add(from);
    }
  }
  return packages;
}

test('a monitored program loads ollama and NATS, and nothing else', () => {
  const entries = ['index', 'ollama/index', 'ollama/browser'].map(
    (name) => `${PACKAGES}/client/dist/${name}.js`,
  );
  expect([...packagesLoadedBy(entries)].toSorted()).toEqual([
    '@nats-io/transport-node',
    'ollama',
    'ollama/browser',
  ]);
});

test('case 37: a CommonJS program can require it', async () => {
  const fake = await startFakeOllama();
  onTestFinished(() => fake.close());
  const program = `
    const { default: ollama, Ollama } = require(process.env.CLIENT);
    const client = new Ollama({ host: process.env.HOST });
    client.generate({ model: 'm', prompt: 'Why?' }).then(({ response }) => {
      process.stdout.write(response + ' ' + (ollama instanceof Ollama) + '\\n');
    });`;
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const bus = `nats://127.0.0.1:${await freePort()}`;
  const run = async (client: string) => {
    const env = {
      HOST: fake.url,
      CLIENT: client,
      LLM_MONITOR_NATS_URL: bus,
      NODE_NO_WARNINGS: '1',
    };
    const child = startProgram(process.execPath, ['-e', program], { env, cwd });
    return { code: await child.exited, output: child.output() };
  };
  const bare = await run('ollama');
  expect(bare).toEqual({
    code: 0,
    output: 'The sky is blue because air scatters light. true\n',
  });
  expect(await run('@llm-monitor/client/ollama')).toEqual(bare);
});
