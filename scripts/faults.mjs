// `pnpm test:faults [--full] [--nats <path to a nats-server>] [--write] [file …]`: builds, runs the fault tests and prints what was
// measured, one line a fault. `--full`: faults last as long as in life. `--write`: keeps the table in docs/reliability.md; a run of
// some files only replaces their rows.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { build } from './lib/build.mjs';
import { writeFaultTable } from './lib/fault-table.mjs';
import { ROOT, runTool } from './lib/run.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    full: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    nats: { type: 'string' },
  },
});

const nats = values.nats === undefined ? 'nats-server' : resolve(values.nats);
const redis = process.env.REDIS_SERVER ?? 'redis-server';
const folder = mkdtempSync(`${tmpdir()}/llm-monitor-faults-`);
const report = `${folder}/faults.jsonl`;
try {
  const run = { full: values.full, ...describeMachine(), servers: describeServers() };
  await build();
  const { code } = await runTool(
    'vitest',
    ['run', '--project', 'faults', ...positionals.map((file) => `test/faults/${file}`)],
    {
      env: {
        ...(values.nats === undefined ? {} : { NATS_SERVER: nats }),
        FAULTS: values.full ? 'full' : 'short',
        FAULTS_REPORT: report,
      },
    },
  );
  const lines = existsSync(report)
    ? readFileSync(report, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    : [];
  console.log(`\n${run.servers}, ${run.machine}, ${run.full ? 'true lengths' : 'short'}`);
  for (const { fault, measured, verdict } of lines)
    console.log(`${fault}: ${measured}: ${verdict}`);
  const broken = lines.filter(({ verdict }) => verdict === 'BROKEN').length;
  console.log(
    `${lines.length} faults, ${broken} broken${code === 0 ? '' : '; tests failed, see above'}`,
  );
  if (values.write) {
    const isPart = positionals.length > 0;
    writeFaultTable(`${ROOT}/docs/reliability.md`, run, lines, { isPart });
  }
  process.exitCode = code !== 0 || broken > 0 || lines.length === 0 ? 1 : 0;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function describeServers() {
  const [, natsVersion] = /v?(\d[\d.]*)/.exec(ask(nats, '--version')) ?? [];
  // Valkey says so, and takes Redis' place.
  const [, store, storeVersion] =
    /(Redis|Valkey).*? v=(\d[\d.]*)/.exec(ask(redis, '--version')) ?? [];
  return `nats-server ${natsVersion}, ${store} ${storeVersion}`;
}

function describeMachine() {
  const [core] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const machine = `${cpus().length} cores (${core?.model.trim() ?? 'unknown'}), ${memory} GiB, Linux ${release().split('-')[0]}, Node ${process.versions.node}`;
  return { machine, date: new Date().toISOString().slice(0, 10) };
}

function ask(program, option) {
  try {
    return execFileSync(program, [option], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    });
  } catch (cause) {
    throw new Error(`${program} does not run: ${cause.message}`, { cause });
  }
}
