// What the embedded stack costs: how long a start takes until the dashboard answers, beside a bare Node server's, and what it takes of
// memory and CPU while nothing happens.
import { readFileSync } from 'node:fs';

import { createCli, type Cli } from '../helpers/run-cli.ts';
import { freePort } from '../helpers/free-port.ts';
import { startProgram } from '../helpers/start-program.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { cpuMs, median, printTable } from './measure.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const SETTLE_MS = Number(process.env['BENCH_SETTLE_MS'] ?? 60_000);
const WATCH_MS = Number(process.env['BENCH_WATCH_MS'] ?? 60_000);
const PARTS = ['nats', 'redis', 'collector', 'api', 'web', 'agent', 'alerts'];
const BARE = `require('node:http').createServer((_, response) => response.end('ok')).listen(process.argv[1], '127.0.0.1')`;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function untilAnswer(url: string): Promise<void> {
  await waitFor(url, async () => (await fetch(url)).ok, { timeoutMs: 60_000 });
}

/** From the command to the first answer, ms. */
async function startBare(): Promise<number> {
  const port = await freePort();
  const began = performance.now();
  const program = startProgram(process.execPath, ['-e', BARE, String(port)]);
  await untilAnswer(`http://127.0.0.1:${port}/`);
  const took = performance.now() - began;
  await program.stop();
  return took;
}

async function startStack(cli: Cli): Promise<number> {
  const began = performance.now();
  const program = cli.start('up');
  await untilAnswer(`${cli.url}/`);
  const took = performance.now() - began;
  await program.stop();
  return took;
}

/** Resident memory, and that of it which is the process's own or its share of what several have, MiB. */
function memoryOf(pid: number): { rss: number; pss: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mib = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1]) / 1024;
  return { rss: mib('Rss'), pss: mib('Pss') };
}

const cli = await createCli();
try {
  await startStack(cli);
  const starts: { bare: number; stack: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    starts.push({ bare: await startBare(), stack: await startStack(cli) });
  }
  const bare = median(starts.map((one) => one.bare));
  const stack = median(starts.map((one) => one.stack));
  printTable([
    ['start', 'ms', 'of bare'],
    ['a bare Node server', bare.toFixed(0), '× 1.0'],
    ['the stack, its dashboard', stack.toFixed(0), `× ${(stack / bare).toFixed(1)}`],
  ]);

  const { code, output } = await cli.run('start');
  if (code !== 0) throw new Error(output);
  await pause(SETTLE_MS);
  const pids: [string, number][] = [['llm-monitor', await cli.supervisorPid()]];
  for (const name of PARTS) pids.push([name, (await cli.part(name)).pid]);
  const before = pids.map(([, pid]) => cpuMs(pid));
  await pause(WATCH_MS);
  const rows = pids.map(([name, pid], i) => ({
    ...{ name, ...memoryOf(pid) },
    cpu: ((cpuMs(pid) - (before[i] ?? 0)) / WATCH_MS) * 100,
  }));
  const sum = (pick: (row: (typeof rows)[number]) => number) =>
    rows.reduce((all, row) => all + pick(row), 0);
  printTable([
    ['at rest', 'RSS MiB', 'its share MiB', '% of a core'],
    ...rows.map(({ name, rss, pss, cpu }) => [
      name,
      rss.toFixed(0),
      pss.toFixed(0),
      cpu.toFixed(2),
    ]),
    [
      'in all',
      sum(({ rss }) => rss).toFixed(0),
      sum(({ pss }) => pss).toFixed(0),
      sum(({ cpu }) => cpu).toFixed(2),
    ],
  ]);
  process.stdout.write('the goals: an answer within 3 s; at rest ≤ 500 MiB and ≤ 2 % of a core\n');
} finally {
  await cli.run('stop');
  await cli.remove();
}
