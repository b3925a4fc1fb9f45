import type { Parameters } from 'fast-check';

/** `npm test` tries the same values each time, so that it fails for what was changed alone. */
const USUAL_SEED = 1;

/**
 * How often a property is tried. `pnpm fuzz` tries many more, and others each time; a failure prints its seed, which `FUZZ_SEED` repeats.
 * @param runs in `npm test`
 */
export function fuzzRuns(runs: number): Pick<Parameters, 'numRuns' | 'seed'> {
  const factor = process.env['FUZZ_FACTOR'];
  const seed = process.env['FUZZ_SEED'] ?? (factor === undefined ? USUAL_SEED : undefined);
  return {
    numRuns: Math.ceil(runs * Number(factor ?? 1)),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  };
}
