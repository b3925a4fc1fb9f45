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

/** More files than these do not fail by chance. */
const MAX_FILES_TRIED_AGAIN = 2;

/**
 * One project of vitest.config.ts. Where one or two files fail, they are run once more, alone: a fault fails again, and what passes then
 * depends on chance, in the test or in what it tests. That is no reason to stop everything, but it is named at the end, to be mended.
 */
export async function runTestStage({ name, timeoutMs, folder, env, quiet }) {
  const endsAt = Date.now() + timeoutMs;
  const common = { name, env, quiet };
  const first = await runProject({ ...common, timeoutMs, report: `${folder}/${name}.json` });
  const files = (first.testResults ?? []).filter(({ status }) => status === 'failed');
  const leftMs = endsAt - Date.now();
  if (files.length === 0 || files.length > MAX_FILES_TRIED_AGAIN || leftMs <= 0) {
    return summarize(first);
  }
  const paths = files.map((file) => relative(ROOT, file.name));
  console.log(`\nonce more, alone: ${paths.join(' ')}`);
  const report = `${folder}/${name}-again.json`;
  const second = await runProject({ ...common, timeoutMs: leftMs, report, paths });
  if (second.failed || second.code !== 0) return summarize(first);
  const steady = first.testResults.filter((file) => !files.includes(file));
  return {
    ...summarize({ code: 0, testResults: [...steady, ...second.testResults] }),
    unsteady: files.flatMap(failuresOf),
  };
}

/** @returns what each file showed, or why there is nothing to show */
async function runProject({ name, timeoutMs, env, quiet, report, paths = [] }) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const args = ['run', '--project', name, ...reporters, ...paths];
  const { code, timedOut, output } = await runTool('vitest', args, { timeoutMs, env, quiet });
  if (quiet) console.log(`\n── what ${name} printed\n${output}`);
  if (timedOut) return { failed: `did not end within ${seconds(timeoutMs)}` };
  if (!existsSync(report)) return { failed: 'vitest ended without a report' };
  return { code, testResults: JSON.parse(readFileSync(report, 'utf8')).testResults };
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
function summarize({ failed: note, code, testResults }) {
  if (note) return { passed: 0, failed: 1, note };
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const of = (...statuses) => tests.filter(({ status }) => statuses.includes(status)).length;
  const passed = of('passed');
  const skipped = tests.length - of('passed', 'failed');
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  ).length;
  let failed = of('failed') + skipped + brokenFiles;
  const notes = [];
  if (skipped > 0) notes.push(`${skipped} skipped`);
  if (brokenFiles > 0) notes.push(`${brokenFiles} test files did not run`);
  if (tests.length === 0 && failed === 0) {
    notes.push('no tests found');
    failed = 1;
  } else if (code !== 0 && failed === 0) {
    notes.push('an error outside of the tests');
    failed = 1;
  }
  return { passed, failed, note: notes.join(', '), failures: testResults.flatMap(failuresOf) };
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
