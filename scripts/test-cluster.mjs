// `pnpm test:cluster [file …]`: builds, then breaks a NATS cluster and a Redis Cluster on this machine and counts; in containers,
// too, where there is a Docker engine.
import { build } from './lib/build.mjs';
import { findDockerEngine } from './lib/docker-engine.mjs';
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
const engine = await findDockerEngine();
const args = ['run', '--project', 'cluster', ...process.argv.slice(2)];
if (engine.missing) args.push('--exclude', 'test/cluster/composed.test.ts');
const { code } = await runTool('vitest', args, { timeoutMs: 30 * MINUTE_MS, env: engine.env });
await engine.stop?.();
if (engine.missing) console.log(`THE CLUSTER IN CONTAINERS DID NOT RUN: ${engine.missing}`);
process.exitCode = code;
