// `pnpm test:cluster [file …]`: builds, then breaks a NATS cluster and a Redis Cluster on this machine and counts.
import { build } from './lib/build.mjs';
import { installWhenNeeded, requireNode } from './lib/install.mjs';
import { runTool } from './lib/run.mjs';
import { installSystemPackages } from './lib/system-packages.mjs';

const MINUTE_MS = 60_000;

requireNode();
try {
  await installSystemPackages({ timeoutMs: 5 * MINUTE_MS });
  await installWhenNeeded({ timeoutMs: 5 * MINUTE_MS });
  await build();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const args = ['run', '--project', 'cluster', ...process.argv.slice(2)];
const { code } = await runTool('vitest', args, { timeoutMs: 20 * MINUTE_MS });
process.exitCode = code;
