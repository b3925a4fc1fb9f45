import { readFileSync } from 'node:fs';

import { ROOT } from '../run.mjs';

/** The manifest of a workspace package. */
export function readManifest(path) {
  return JSON.parse(readFileSync(`${ROOT}/${path}/package.json`, 'utf8'));
}

/**
 * npm packages with the versions that the workspace is tested with.
 * @param {Iterable<string>} names
 * @returns {Record<string, string>}
 */
export function versionsOf(names) {
  const text = readFileSync(`${ROOT}/pnpm-workspace.yaml`, 'utf8');
  const catalog = text.slice(text.indexOf('\ncatalog:'));
  const versions = new Map(
    [...catalog.matchAll(/^ {2}'?([^\s':]+)'?: (\S+)$/gm)].map(([, name, version]) => [
      name,
      version,
    ]),
  );
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const version = versions.get(name);
      if (!version) throw new Error(`${name} is bundled from nowhere: it is not in the catalog`);
      return [name, version];
    }),
  );
}
