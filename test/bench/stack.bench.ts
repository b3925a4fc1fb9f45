// What the embedded stack costs: how long a start takes until the dashboard answers, beside a bare Node server's, and what it takes of
// memory and CPU while nothing happens: after its start, and after a demo that a browser watched.
import { readFileSync } from 'node:fs';

import { createCli, type Cli } from '../helpers/run-cli.ts';
import { freePort } from '../helpers/free-port.ts';
import { startBrowser } from '../helpers/start-browser.ts';
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

interface AtRest {
  name: string;
  rss: number;
  pss: number;
  /** Of a core, percent. */
  cpu: number;
}

async function measureAtRest(stack: Cli): Promise<AtRest[]> {
  await pause(SETTLE_MS);
  const pids: [string, number][] = [['llm-monitor', await stack.supervisorPid()]];
  for (const name of PARTS) pids.push([name, (await stack.part(name)).pid]);
  const before = pids.map(([, pid]) => cpuMs(pid));
  await pause(WATCH_MS);
  return pids.map(([name, pid], i) => ({
    ...{ name, ...memoryOf(pid) },
    cpu: ((cpuMs(pid) - (before[i] ?? 0)) / WATCH_MS) * 100,
  }));
}

function printAtRest(title: string, rows: readonly AtRest[]): void {
  const sum = (pick: (row: AtRest) => number) => rows.reduce((all, row) => all + pick(row), 0);
  const all = {
    ...{ name: 'in all', rss: sum(({ rss }) => rss), pss: sum(({ pss }) => pss) },
    cpu: sum(({ cpu }) => cpu),
  };
  printTable([
    [title, 'RSS MiB', 'its share MiB', '% of a core'],
    ...[...rows, all].map((row) => [
      row.name,
      row.rss.toFixed(0),
      row.pss.toFixed(0),
      row.cpu.toFixed(2),
    ]),
  ]);
}

/** A minute of simulated traffic, with the dashboard open in a browser. */
async function watchDemo(stack: Cli): Promise<void> {
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`${stack.url}/`);
    const { code, output } = await stack.run('demo', '--minutes', '1');
    if (code !== 0) throw new Error(output);
  } finally {
    await browser.close();
  }
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
  printAtRest('at rest', await measureAtRest(cli));
  await watchDemo(cli);
  printAtRest('at rest, after a demo', await measureAtRest(cli));
  process.stdout.write('the goals: an answer within 3 s; at rest ≤ 500 MiB and ≤ 2 % of a core\n');
} finally {
  await cli.run('stop');
  await cli.remove();
}
