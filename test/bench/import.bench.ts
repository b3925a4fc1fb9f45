// What it costs a program to load the client, from its npm package and from the workspace's build, beside the bare `ollama`.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { install, packAll } from '../helpers/packed.ts';
import { median, printTable } from './measure.ts';

const ROUNDS = 21;
const WORKSPACE = fileURLToPath(new URL('../../', import.meta.url));

const packed = await packAll();
const installed = await packed.folder('app');
await install(installed, packed.client, 'ollama');

const candidates = [
  { name: 'ollama', from: 'ollama', cwd: installed },
  { name: 'client/ollama, packed', from: '@llm-monitor/client/ollama', cwd: installed },
  { name: 'client/ollama, workspace', from: '@llm-monitor/client/ollama', cwd: WORKSPACE },
  { name: 'client/register, packed', from: '@llm-monitor/client/register', cwd: installed },
  { name: 'NATS, which the client brings', from: '@nats-io/transport-node', cwd: installed },
].map((candidate) => ({ ...candidate, importMs: [] as number[], memoryMb: [] as number[] }));

// In turn, so that what else the machine does meets all of them.
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const { from, cwd, importMs, memoryMb } of candidates) {
    const program = `
      const startMs = performance.now();
      await import('${from}');
      const tookMs = performance.now() - startMs;
      console.log(JSON.stringify([tookMs, process.memoryUsage.rss() / 2 ** 20]));`;
    const args = ['--input-type=module', '-e', program];
    const [tookMs, rssMb] = JSON.parse(
      execFileSync(process.execPath, args, { cwd, encoding: 'utf8' }),
    ) as [number, number];
    // The first round fills the disk's cache.
    if (round > 0) {
      importMs.push(tookMs);
      memoryMb.push(rssMb);
    }
  }
}
await packed.remove();

const bareMs = median(candidates[0]?.importMs ?? []);
printTable([
  ['import', 'ms', 'ratio', 'MB'],
  ...candidates.map(({ name, importMs, memoryMb }) => [
    name,
    median(importMs).toFixed(1),
    (median(importMs) / bareMs).toFixed(2),
    median(memoryMb).toFixed(0),
  ]),
]);
process.exit(0);
