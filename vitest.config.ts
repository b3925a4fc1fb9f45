import { defaultClientConditions, defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

// Workspace packages are imported from their sources, so that a test run needs no build of what it tests in-process.
const source = '@llm-monitor/source';

/** Judge by how busy processes are: nothing else may run beside them. */
const MEASURED = ['test/integration/agent-calls.test.ts'];

const isFull = process.env['FAULTS'] === 'full';

/** Of what has no state of its own: one process for many files, which takes a third of the time. */
const together = { isolate: false };

/** @param workers how many files run at once; 0: as many as there are cores */
const node = (
  name: string,
  include: string[],
  timeoutMs: number,
  workers: number,
  exclude: string[] = [],
  more: { isolate?: boolean } = {},
) => ({
  extends: true as const,
  test: {
    name,
    include,
    exclude: [...exclude, '**/node_modules/**', '**/dist/**'],
    environment: 'node' as const,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    ...more,
    // Tests that start real servers mostly wait, but two cores do not carry many stacks at once.
    ...(workers > 0 ? { fileParallelism: workers > 1, maxWorkers: workers } : {}),
  },
});

export default defineConfig({
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
  test: {
    projects: [
      node(
        'unit',
        [
          '{packages,services}/*/src/**/*.test.ts',
          'test/helpers/**/*.test.ts',
          'test/docs/**/*.test.ts',
        ],
        10_000,
        0,
        [],
        together,
      ),
      // Its pages share what a page has: an address, a store, a theme.
      node('dashboard', ['services/web/dashboard/src/**/*.test.{ts,tsx}'], 10_000, 0),
      node('conformance', ['test/conformance/**/*.test.ts'], 60_000, 2),
      node('integration', ['test/integration/**/*.test.ts'], 60_000, 2, MEASURED),
      node('measured', MEASURED, 60_000, 1),
      // With the true lengths a fault lasts up to ten minutes.
      node('faults', ['test/faults/**/*.test.ts'], isFull ? 1_800_000 : 120_000, 1),
      node('cluster', ['test/cluster/**/*.test.ts'], 240_000, 1),
      node('fuzz', ['test/fuzz/**/*.test.ts'], 120_000, 1),
      node('hostile', ['test/hostile/**/*.test.ts'], 120_000, 2),
      node('e2e', ['test/e2e/**/*.test.ts'], 120_000, 2),
      node('pack', ['test/pack/**/*.test.ts'], 240_000, 1),
      node('compose', ['test/compose/**/*.test.ts'], 600_000, 1),
    ],
  },
});
