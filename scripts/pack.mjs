// `pnpm pack-all`, `node scripts/pack.mjs [folder]`: makes the npm packages, by default in dist/packages.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';

import { build } from './lib/build.mjs';
import { stageCli } from './lib/pack/pack-cli.mjs';
import { stageClient } from './lib/pack/pack-client.mjs';
import { ROOT, run } from './lib/run.mjs';

const PACKAGES = [
  { source: 'packages/client', stage: stageClient },
  { source: 'packages/cli', stage: stageCli },
];
const target = resolve(process.argv[2] ?? `${ROOT}/dist/packages`);

try {
  await build();
  rmSync(target, { recursive: true, force: true });
  for (const { source, stage } of PACKAGES) {
    const folder = `${target}/${source.replace('packages/', '')}`;
    mkdirSync(folder, { recursive: true });
    await stage(folder);
    cpSync(`${ROOT}/LICENSE`, `${folder}/LICENSE`);
    cpSync(`${ROOT}/${source}/README.md`, `${folder}/README.md`);
    const { code, output } = await run('npm', ['pack', '--silent', '--pack-destination', target], {
      cwd: folder,
      quiet: true,
    });
    if (code !== 0) throw new Error(`npm pack failed in ${folder}\n${output}`);
    console.log(`${target}/${output.trim().split('\n').at(-1)}`);
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
