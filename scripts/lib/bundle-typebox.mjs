import { ROOT, runTool } from './run.mjs';

const FOLDER = `${ROOT}/packages/contracts`;
const ENTRIES = ['index', 'value', 'compile'];

/**
 * Writes typebox into what was built of the contracts, in place of its imports. It comes as seven hundred modules, of which every process
 * would find, read and keep each: 10 MiB and a third of a second for each process of a stack.
 * @throws {Error} with what the bundler said
 */
export async function bundleTypebox() {
  // As a program: whoever builds may go on to run the stack, and should not hold a bundler meanwhile.
  const { code, output } = await runTool(
    'rolldown',
    [
      ...ENTRIES.map((name) => `src/typebox/${name}.ts`),
      ...['--dir', 'dist/typebox', '--format', 'esm', '--platform', 'node'],
      ...['--entry-file-names', '[name].js', '--chunk-file-names', 'shared/[name].js'],
      '--no-checks.bundlerTimings',
    ],
    { cwd: FOLDER, quiet: true },
  );
  if (code !== 0) throw new Error(`bundling typebox failed: ${output}`);
}
