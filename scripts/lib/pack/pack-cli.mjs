import { cpSync, readdirSync, writeFileSync } from 'node:fs';

import { ROOT } from '../run.mjs';
import { bundle } from './bundle.mjs';
import { readManifest, versionsOf } from './manifest.mjs';

const SOURCE = 'packages/cli';
const SERVICES = ['collector', 'api', 'web', 'agent'];
const MAIN = `${SOURCE}/dist/main`;

/**
 * Fills `folder` with what is published of the command line: the layout of the checkout, with one bundle for each program, and beside them
 * the files that they read at run time.
 */
export async function stageCli(folder) {
  const programs = [SOURCE, ...SERVICES.map((name) => `services/${name}`)];
  const entries = programs.map((path) => [`${path}/dist/main`, `${ROOT}/${path}/src/main.ts`]);
  const { version } = readManifest(SOURCE);
  const packages = await bundle(
    Object.fromEntries(entries),
    {
      dir: folder,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name].js',
      banner: (chunk) => (chunk.name === MAIN ? '#!/usr/bin/env node' : ''),
    },
    { plugins: [knownVersion(version)] },
  );
  copyScripts(folder);
  cpSync(`${ROOT}/services/web/dashboard/dist`, `${folder}/services/web/dashboard/dist`, {
    recursive: true,
    filter: (path) => !/\.(map|tsbuildinfo)$/.test(path),
  });
  for (const name of readdirSync(`${ROOT}/deploy`).filter((file) => file.endsWith('.conf'))) {
    cpSync(`${ROOT}/deploy/${name}`, `${folder}/deploy/${name}`);
  }
  writeFileSync(`${folder}/package.json`, `${JSON.stringify(manifest(packages), null, 2)}\n`);
}

/** Services read their version from the package that they are built in, which is no more. */
function knownVersion(version) {
  return {
    name: 'known-version',
    load: (id) =>
      id.endsWith('/packages/runtime/src/version.ts')
        ? `export const version = () => ${JSON.stringify(version)};`
        : undefined,
  };
}

/** The collector's Lua, beside its bundle. */
function copyScripts(folder) {
  const adapters = `${ROOT}/services/collector/src/adapters`;
  for (const name of readdirSync(adapters).filter((file) => file.endsWith('.lua'))) {
    cpSync(`${adapters}/${name}`, `${folder}/services/collector/dist/${name}`);
  }
}

function manifest(packages) {
  const { name, version, description, license, engines } = readManifest(SOURCE);
  return {
    ...{ name, version, description, license, engines },
    keywords: [
      'llm',
      'ollama',
      'openai',
      'monitoring',
      'observability',
      'dashboard',
      'proxy',
      'nats',
    ],
    type: 'module',
    bin: { 'llm-monitor': `./${MAIN}.js` },
    files: ['packages', 'services', 'chunks', 'deploy'],
    dependencies: versionsOf(packages),
  };
}
