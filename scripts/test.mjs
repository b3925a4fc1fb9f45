// `npm test [stage …]`: on a machine with only Node and npm, installs what is needed and runs every test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';

import { build } from './lib/build.mjs';
import { installWhenNeeded, requireNode } from './lib/install.mjs';
import { seconds } from './lib/run.mjs';
import { installSystemPackages } from './lib/system-packages.mjs';
import { runCheckStage, runComposeStage, runTestStage } from './lib/test-stages.mjs';

const MINUTE_MS = 60_000;
/** All of it must have ended by then, whatever hangs. An idle machine of two cores takes less than half of it. */
const TOTAL_MS = 60 * MINUTE_MS;
/** What is marked with `beside` mostly waits, for npm and for containers, and takes no port that others want: it runs while those with `company` do. */
const STAGES = [
  { name: 'check', timeoutMs: 8 * MINUTE_MS, run: runCheckStage },
  { name: 'unit', timeoutMs: 8 * MINUTE_MS, run: runTestStage },
  { name: 'dashboard', timeoutMs: 8 * MINUTE_MS, run: runTestStage },
  { name: 'conformance', timeoutMs: 8 * MINUTE_MS, run: runTestStage, company: true },
  { name: 'integration', timeoutMs: 15 * MINUTE_MS, run: runTestStage, company: true },
  { name: 'measured', timeoutMs: 5 * MINUTE_MS, run: runTestStage },
  { name: 'fuzz', timeoutMs: 4 * MINUTE_MS, run: runTestStage },
  { name: 'faults', timeoutMs: 10 * MINUTE_MS, run: runTestStage },
  { name: 'hostile', timeoutMs: 6 * MINUTE_MS, run: runTestStage },
  { name: 'e2e', timeoutMs: 14 * MINUTE_MS, run: runTestStage },
  { name: 'pack', timeoutMs: 8 * MINUTE_MS, run: runTestStage, beside: true },
  { name: 'compose', timeoutMs: 12 * MINUTE_MS, run: runComposeStage, beside: true },
];

/** `quiet`: what they print is shown once they have ended, since others print meanwhile. */
async function runStages(stages, { quiet = false } = {}) {
  for (const { name, run, timeoutMs } of stages) {
    console.log(`\n── ${name}${quiet ? ' has begun, beside the others' : ''}`);
    const stageStartedAt = Date.now();
    const options = { name, timeoutMs: Math.min(timeoutMs, left()), folder, quiet };
    const result = await run(options).catch(({ message }) => ({
      passed: 0,
      failed: 1,
      note: message,
    }));
    rows.push({ name, ms: Date.now() - stageStartedAt, ...result });
  }
}

requireNode();
const startedAt = Date.now();
const left = () => Math.max(1000, TOTAL_MS - (Date.now() - startedAt));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !STAGES.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(
    `no stage ${unknown.join(', ')}; there are ${STAGES.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}

const folder = mkdtempSync(`${tmpdir()}/llm-monitor-test-`);
const rows = [];
try {
  await installSystemPackages({ timeoutMs: Math.min(left(), 5 * MINUTE_MS) });
  await installWhenNeeded({ timeoutMs: Math.min(left(), 5 * MINUTE_MS) });
  await build();
  rows.push({
    name: 'install and build',
    ms: Date.now() - startedAt,
    passed: 0,
    failed: 0,
    note: '',
  });
  const stages = STAGES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const beside = stages.filter((stage) => stage.beside);
  let company;
  for (const stage of stages.filter((one) => !one.beside)) {
    if (stage.company) company ??= runStages(beside, { quiet: true });
    else await company;
    await runStages([stage]);
  }
  await (company ?? runStages(beside));
} catch (error) {
  console.error(`\n${error.message}`);
  rows.push({
    name: 'install and build',
    ms: Date.now() - startedAt,
    passed: 0,
    failed: 1,
    note: 'failed',
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

console.log('');
const order = ['install and build', ...STAGES.map(({ name }) => name)];
rows.sort((one, other) => order.indexOf(one.name) - order.indexOf(other.name));
for (const row of rows) {
  const counts = `${String(row.passed).padStart(5)} passed ${String(row.failed).padStart(4)} failed`;
  console.log(`${row.name.padEnd(18)} ${seconds(row.ms).padStart(8)} ${counts}  ${row.note}`);
}
const tell = (title, key) => {
  const lines = rows.flatMap((row) => (row[key] ?? []).map((one) => `${row.name}: ${one}`));
  if (lines.length > 0) console.log(`\n${title}:\n${lines.join('\n')}\n`);
};
tell(
  'what passed only when it was run again, so that chance decides it; it is to be mended',
  'unsteady',
);
tell('what failed', 'failures');
const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
console.log(`in ${seconds(Date.now() - startedAt)}`);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
