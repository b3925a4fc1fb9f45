import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { ROOT, run } from './run.mjs';

const STAMP = `${ROOT}/node_modules/.llm-monitor-installed`;
const OLDEST_NODE = [20, 19];

/** Ends the process with a clear message on a Node that is too old. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  console.error(
    `LLM Monitor needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.\n` +
      'Install the current LTS version from https://nodejs.org and start again.',
  );
  process.exit(1);
}

/** Runs the pnpm that package.json names, fetched by npm when it is not at hand. */
export function pnpm(args, options) {
  const { packageManager } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'));
  // --prefer-offline: without it npx waits long for a registry that cannot be reached, though pnpm is in its cache.
  return run('npx', ['--yes', '--prefer-offline', packageManager, ...args], options);
}

/** Installs what the lockfile says, unless that has been done. Returns whether it had to. */
export async function installWhenNeeded({ timeoutMs = 300_000 } = {}) {
  const wanted = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return false;
  console.log('Installing dependencies …');
  // Few connections at once: behind address translation many of them can stall for a minute.
  const install = ['install', '--frozen-lockfile', '--prefer-offline', '--network-concurrency=16'];
  const { code, timedOut } = await pnpm(install, {
    timeoutMs,
    // Without a terminal pnpm must not ask before it replaces node_modules.
    env: { CI: 'true' },
  });
  if (code !== 0) {
    throw new Error(
      timedOut
        ? `installing took longer than ${timeoutMs / 1000} s: is the package registry reachable?`
        : 'installing the dependencies failed: see the lines above (is the package registry reachable?)',
    );
  }
  writeFileSync(STAMP, wanted);
  return true;
}

function fingerprint() {
  const hash = createHash('sha256').update(process.versions.modules);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) {
    hash.update(readFileSync(`${ROOT}/${file}`));
  }
  return hash.digest('hex');
}
