// `pnpm bench [name …] [--option value …]`: builds, then runs the benchmarks of test/bench one after the other, alone on the machine.
// What begins with a dash, and all after it, is for them.
import { existsSync, readdirSync } from 'node:fs';

import { build } from './lib/build.mjs';
import { ROOT, run } from './lib/run.mjs';

const FOLDER = `${ROOT}/test/dist/bench`;
const SUFFIX = '.bench.js';

try {
  await build({ tests: true });
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
// A benchmark whose source is gone stays in dist: only those with a source count.
const all = (existsSync(FOLDER) ? readdirSync(FOLDER) : [])
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length))
  .filter((name) => existsSync(`${ROOT}/test/bench/${name}.bench.ts`));
const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith('-'));
const [wanted, options] =
  firstOption < 0 ? [args, []] : [args.slice(0, firstOption), args.slice(firstOption)];
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0 || all.length === 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are: ${all.join(', ') || 'none'}`);
  process.exit(2);
}
for (const name of all.filter((one) => wanted.length === 0 || wanted.includes(one))) {
  console.log(`\n── ${name}`);
  const { code } = await run(process.execPath, [
    ...['--expose-gc', `${FOLDER}/${name}${SUFFIX}`, ...options],
  ]);
  if (code !== 0) process.exitCode = 1;
}
