import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { ROOT } from '../run.mjs';
import { bundle } from './bundle.mjs';
import { readManifest, versionsOf } from './manifest.mjs';

const SOURCE = 'packages/cli';
const SERVICES = ['collector', 'api', 'web', 'agent', 'alerts', 'connectors'];
const MAIN = `${SOURCE}/dist/main`;
/** Programs that the command line runs for its commands. */
const COMMANDS = ['archive', 'rebuild'].map((name) => `services/collector/dist/${name}`);

/**
 * Fills `folder` with what is published of the command line: the layout of the checkout, with one bundle for each program, and beside them
 * the files that they read at run time.
 */
export async function stageCli(folder) {
  const programs = [SOURCE, ...SERVICES.map((name) => `services/${name}`)];
  const entries = [
    ...programs.map((path) => [`${path}/dist/main`, `${ROOT}/${path}/src/main.ts`]),
    ...COMMANDS.map((path) => [`${path}/main`, `${ROOT}/${path.replace('dist', 'src')}/main.ts`]),
  ];
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

/** Programs read their version from the package that they are built in, which is no more. */
function knownVersion(version) {
  return {
    name: 'known-version',
    load: (id) =>
      /\/packages\/(runtime|cli)\/src\/version\.ts$/.test(id)
        ? `export const version = () => ${JSON.stringify(version)};`
        : undefined,
  };
}

/** The services' Lua, beside every bundle that may read it: what several programs share is in a chunk. */
function copyScripts(folder) {
  const scripts = ['collector', 'alerts'].flatMap((service) => {
    const source = `${ROOT}/services/${service}/src`;
    return readdirSync(source, { recursive: true })
      .filter((file) => file.endsWith('.lua'))
      .map((file) => join(source, file));
  });
  const names = new Set(scripts.map((file) => basename(file)));
  if (names.size < scripts.length) throw new Error('two Lua scripts of one name: one is lost');
  for (const to of ['services/collector/dist', 'services/alerts/dist', ...COMMANDS, 'chunks']) {
    for (const file of scripts) cpSync(file, join(folder, to, basename(file)));
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
