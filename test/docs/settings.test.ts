import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { projectRoot } from '../helpers/project-root.ts';

const read = (path: string) => readFileSync(join(projectRoot(), path), 'utf8');

/** Not for people: a container says that it is one, a test's negative control, windows that only tests shorten. */
const INTERNAL = new Set([
  ...['LLM_MONITOR_IN_CONTAINER', 'UNSAFE_NO_DEDUPE', 'LLM_MONITOR_HEARTBEAT_MS'],
  ...['SWEEP_INTERVAL_MS', 'PRUNE_INTERVAL_MS'],
]);

/** Settings that services read, by their schemas, and those that the client and the command look for. */
function settings(): string[] {
  const services = readdirSync(join(projectRoot(), 'services'));
  const schemas = ['packages/runtime', ...services.map((name) => `services/${name}`)];
  const ofServices = schemas.flatMap((path) =>
    [...read(`${path}/src/config.ts`).matchAll(/^ {2}([A-Z][A-Z_]{2,})[:,]/gm)].map(([, n]) => n!),
  );
  const ofClient = readdirSync(join(projectRoot(), 'packages/client/src'), { recursive: true })
    .map(String)
    .filter((path) => /(?<!\.test)\.ts$/.test(path))
    .flatMap(
      (path) => read(`packages/client/src/${path}`).match(/\bLLM_MONITOR_[A-Z_]*[A-Z]\b/g) ?? [],
    );
  return [...new Set([...ofServices, ...ofClient])].filter((name) => !INTERNAL.has(name));
}

test('the guide names every setting', () => {
  const guide = read('docs/guide/settings.md');
  const named = new Set(guide.match(/\b[A-Z][A-Z_]{2,}\b/g));
  expect(settings().length).toBeGreaterThan(50);
  expect(settings().filter((name) => !named.has(name))).toEqual([]);
});
