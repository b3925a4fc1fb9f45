// `pnpm fuzz [factor]`: tries every property test `factor` times as often as `npm test` does (50 by default). A failure prints its
// seed; FUZZ_SEED=<seed> repeats it.
import { build } from './lib/build.mjs';
import { runTool } from './lib/run.mjs';

const factor = Number(process.argv[2] ?? 50);
if (!(factor > 0)) {
  console.error('pnpm fuzz [factor]: the factor is a number above 0');
  process.exit(2);
}
try {
  await build();
  const { code } = await runTool(
    'vitest',
    ['run', '--testTimeout', '3600000', 'test/fuzz', 'chunking.test.ts'],
    { env: { FUZZ_FACTOR: String(factor) } },
  );
  process.exitCode = code;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
