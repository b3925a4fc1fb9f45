// `node scripts/pack.mjs [--check] [folder]`: makes the npm packages, by default in dist/packages; `--check` has publint and attw look at them.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';

import { build } from './lib/build.mjs';
import { stageCli } from './lib/pack/pack-cli.mjs';
import { stageClient } from './lib/pack/pack-client.mjs';
import { ROOT, run, runTool } from './lib/run.mjs';

const PACKAGES = [
  { source: 'packages/client', stage: stageClient },
  { source: 'packages/cli', stage: stageCli },
];
const folder = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
const target = resolve(folder ?? `${ROOT}/dist/packages`);

try {
  await build();
  rmSync(target, { recursive: true, force: true });
  for (const { source, stage } of PACKAGES) {
    const staged = `${target}/${source.replace('packages/', '')}`;
    mkdirSync(staged, { recursive: true });
    await stage(staged);
    cpSync(`${ROOT}/LICENSE`, `${staged}/LICENSE`);
    cpSync(`${ROOT}/${source}/README.md`, `${staged}/README.md`);
    const { code, output } = await run('npm', ['pack', '--silent', '--pack-destination', target], {
      cwd: staged,
      quiet: true,
    });
    if (code !== 0) throw new Error(`npm pack failed in ${staged}\n${output}`);
    const tarball = `${target}/${output.trim().split('\n').at(-1)}`;
    console.log(tarball);
    if (process.argv.includes('--check')) await check(tarball);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** @throws {Error} when a tool finds anything at all */
async function check(tarball) {
  for (const [tool, ...args] of [
    ['publint', 'run', '--strict'],
    ['attw', '--no-emoji'],
  ]) {
    const { code, output } = await runTool(tool, [...args, tarball], { quiet: true });
    if (code !== 0) throw new Error(`${tool} objects to ${tarball}\n${output}`);
  }
}
