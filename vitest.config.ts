import { defaultClientConditions, defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

// Workspace packages are imported from their sources, so that a test run needs no build of what it tests in-process.
const source = '@llm-monitor/source';

const isFull = process.env['FAULTS'] === 'full';

const node = (name: string, include: string[], timeoutMs: number, alone: boolean) => ({
  extends: true as const,
  test: {
    name,
    include,
    environment: 'node' as const,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    // Tests that start real servers take turns: two cores do not carry several stacks at once.
    ...(alone ? { fileParallelism: false, maxWorkers: 1 } : {}),
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
          'services/web/dashboard/src/**/*.test.{ts,tsx}',
          'test/helpers/**/*.test.ts',
          'test/docs/**/*.test.ts',
        ],
        10_000,
        false,
      ),
      node('conformance', ['test/conformance/**/*.test.ts'], 60_000, true),
      node('integration', ['test/integration/**/*.test.ts'], 60_000, true),
      // With the true lengths a fault lasts up to ten minutes.
      node('faults', ['test/faults/**/*.test.ts'], isFull ? 1_800_000 : 120_000, true),
      node('cluster', ['test/cluster/**/*.test.ts'], 240_000, true),
      node('fuzz', ['test/fuzz/**/*.test.ts'], 120_000, true),
      node('hostile', ['test/hostile/**/*.test.ts'], 120_000, true),
      node('e2e', ['test/e2e/**/*.test.ts'], 120_000, true),
      node('pack', ['test/pack/**/*.test.ts'], 240_000, true),
      node('compose', ['test/compose/**/*.test.ts'], 600_000, true),
    ],
  },
});
