import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

import { findDockerEngine } from './docker-engine.mjs';
import { ROOT, run, runTool, seconds } from './run.mjs';

/** `pnpm check`, each of its steps counted as one test. */
export async function runCheckStage({ timeoutMs, folder }) {
  const report = `${folder}/check.json`;
  const env = { LLM_MONITOR_CHECK_REPORT: report };
  await run(process.execPath, [`${ROOT}/scripts/check.mjs`], { timeoutMs, env });
  if (!existsSync(report)) return { passed: 0, failed: 1, note: 'check did not end' };
  const steps = JSON.parse(readFileSync(report, 'utf8'));
  const failed = steps.filter(({ ok }) => !ok);
  return {
    passed: steps.length - failed.length,
    failed: failed.length,
    note: failed.map(({ name }) => name).join(', '),
  };
}

/** One project of vitest.config.ts. */
export async function runTestStage({ name, timeoutMs, folder, env }) {
  const report = `${folder}/${name}.json`;
  const { code, timedOut } = await runTool(
    'vitest',
    [
      'run',
      '--project',
      name,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    { timeoutMs, env },
  );
  if (timedOut) return { passed: 0, failed: 1, note: `did not end within ${seconds(timeoutMs)}` };
  if (!existsSync(report)) return { passed: 0, failed: 1, note: 'vitest ended without a report' };
  const results = JSON.parse(readFileSync(report, 'utf8'));
  return { ...count(results, code), failures: results.testResults.flatMap(failuresOf) };
}

/** The composed containers. Without an engine it says loudly that it did not run. */
export async function runComposeStage(options) {
  const engine = await findDockerEngine();
  if (engine.missing) {
    const note = 'DID NOT RUN: no Docker engine';
    console.log(`THE COMPOSE CHECK DID NOT RUN: ${engine.missing}`);
    return { passed: 0, failed: 0, note };
  }
  try {
    return await runTestStage({ ...options, env: engine.env });
  } finally {
    await engine.stop();
  }
}

/** A skipped test, a file that did not load and an error outside of any test all count as failed. */
function count(report, code) {
  const skipped = report.numPendingTests + report.numTodoTests;
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  ).length;
  let failed = report.numFailedTests + skipped + brokenFiles;
  const notes = [];
  if (skipped > 0) notes.push(`${skipped} skipped`);
  if (brokenFiles > 0) notes.push(`${brokenFiles} test files did not run`);
  if (report.numTotalTests === 0 && failed === 0) {
    notes.push('no tests found');
    failed = 1;
  } else if (code !== 0 && failed === 0) {
    notes.push('an error outside of the tests');
    failed = 1;
  }
  return { passed: report.numPassedTests, failed, note: notes.join(', ') };
}

/** What failed in one file, and the first line of why: the last lines of a long output are what everybody looks at. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = relative(ROOT, name);
  const failed = assertionResults.filter((result) => result.status === 'failed');
  if (status === 'failed' && failed.length === 0) return [`${file}: ${firstLine(message)}`];
  return failed.map(
    ({ fullName, failureMessages }) => `${file} > ${fullName}: ${firstLine(failureMessages[0])}`,
  );
}

function firstLine(text = '') {
  return stripVTControlCharacters(text).split('\n', 1)[0].slice(0, 300);
}
