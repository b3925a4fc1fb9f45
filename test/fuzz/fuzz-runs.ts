import type { Parameters } from 'fast-check';

/**
 * How often a property is tried. `pnpm fuzz` tries many more; a failure prints its seed, which `FUZZ_SEED` repeats.
 * @param runs in `npm test`
 */
export function fuzzRuns(runs: number): Pick<Parameters, 'numRuns' | 'seed'> {
  const factor = Number(process.env['FUZZ_FACTOR'] ?? 1);
  const seed = process.env['FUZZ_SEED'];
  return { numRuns: Math.ceil(runs * factor), ...(seed ? { seed: Number(seed) } : {}) };
}
