// `pnpm check [step …]`: types, lint, format, unused code, the document of events. Runs all of them, then says which failed.
import { writeFileSync } from 'node:fs';

import { run, runTool, seconds } from './lib/run.mjs';

const STEP_TIMEOUT_MS = 180_000;
const STEPS = [
  { name: 'types', tool: 'tsc', args: ['-b'] },
  { name: 'lint', tool: 'oxlint', args: ['--deny-warnings', '--report-unused-disable-directives'] },
  { name: 'format', tool: 'oxfmt', args: ['--check', '.'] },
  { name: 'unused', tool: 'knip', args: ['--no-progress'] },
  { name: 'asyncapi', script: 'scripts/asyncapi.mjs', args: ['--check'] },
];

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const results = [];
for (const step of STEPS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const startedAt = Date.now();
  const options = { quiet: true, timeoutMs: STEP_TIMEOUT_MS };
  const { code, timedOut, output } = step.script
    ? await run(process.execPath, [step.script, ...step.args], options)
    : await runTool(step.tool, step.args, options);
  const ok = code === 0 && !timedOut;
  console.log(
    `${ok ? 'ok    ' : 'FAILED'} ${step.name.padEnd(8)} ${seconds(Date.now() - startedAt)}`,
  );
  if (!ok) console.log(timedOut ? `no end after ${seconds(STEP_TIMEOUT_MS)}` : output.trimEnd());
  results.push({ name: step.name, ok });
}
const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
console.log(failed.length > 0 ? `check failed: ${failed.join(', ')}` : 'check passed');
const report = process.env.LLM_MONITOR_CHECK_REPORT;
if (report) writeFileSync(report, JSON.stringify(results));
process.exitCode = failed.length > 0 ? 1 : 0;
