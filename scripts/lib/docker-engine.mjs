import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';

import { ROOT, run } from './run.mjs';

const PROBE_TIMEOUT_MS = 20_000;
/** The first start of a private engine installs it and makes its base images. */
const START_TIMEOUT_MS = 300_000;

/**
 * Finds a Docker engine with compose: the machine's own, else a private one by the `docker-here` tool where it is at hand
 * (`DOCKER_HERE_TOOL`, or `shared/tools/docker-here` beside the checkout).
 * @returns {Promise<{ env: Record<string, string>, stop(): Promise<void> } | { missing: string }>}
 */
export async function findDockerEngine() {
  const none = { env: {}, stop: async () => {} };
  if (await answers({})) return none;
  const tool = [process.env.DOCKER_HERE_TOOL, resolve(ROOT, '../shared/tools/docker-here')].find(
    isProgram,
  );
  if (!tool) return { missing: 'no Docker engine answers `docker info`, or it has no compose' };
  const env = await environmentOf(tool);
  const ranBefore = await answers(env);
  const up = await run(tool, ['up'], { timeoutMs: START_TIMEOUT_MS, quiet: true });
  if (up.code !== 0 || !(await answers(env))) {
    return { missing: `docker-here could not start an engine:\n${up.output.trimEnd()}` };
  }
  return {
    env,
    stop: async () => {
      if (!ranBefore) await run(tool, ['down'], { timeoutMs: PROBE_TIMEOUT_MS, quiet: true });
    },
  };
}

async function answers(env) {
  for (const args of [['info'], ['compose', 'version']]) {
    const { code } = await run('docker', args, { env, timeoutMs: PROBE_TIMEOUT_MS, quiet: true });
    if (code !== 0) return false;
  }
  return true;
}

async function environmentOf(tool) {
  const { output } = await run(tool, ['env'], { timeoutMs: PROBE_TIMEOUT_MS, quiet: true });
  const pairs = [...output.matchAll(/\b(DOCKER_HOST|DOCKER_CONFIG)=(\S+)/g)];
  return Object.fromEntries(pairs.map(([, name, value]) => [name, value.replace(/^'|'$/g, '')]));
}

function isProgram(path) {
  try {
    if (path) accessSync(path, constants.X_OK);
    return Boolean(path);
  } catch {
    return false;
  }
}
