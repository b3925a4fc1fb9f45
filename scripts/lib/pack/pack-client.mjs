import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { ROOT } from '../run.mjs';
import { bundle } from './bundle.mjs';
import { writeTypes } from './client-types.mjs';
import { readManifest, versionsOf } from './manifest.mjs';

const SOURCE = 'packages/client';
const ENTRIES = ['index', 'ollama/index', 'ollama/browser', 'register'];
/** Those that extend a class of the package `ollama`. */
const DROP_INS = ['ollama/index', 'ollama/browser'];
/** What both forms of a drop-in share. */
const SHARED = 'ollama/monitored';
/** Wider than what the workspace is tested with, so that an app need not update its own. */
const PEER = '^0.6.0';

/**
 * Fills `folder` with what is published of the client.
 *
 * A program may load it as an ES module and by `require`: all state (the connection, who runs) is in the ES modules, which Node can
 * `require` too. Only the drop-ins are written twice, so that each extends the copy of `ollama` that its program has.
 */
export async function stageClient(folder) {
  const dist = `${folder}/dist`;
  const source = (name) => `${ROOT}/${SOURCE}/src/${name}.ts`;
  const modules = [...ENTRIES, SHARED].map((name) => [name, source(name)]);
  const packages = await bundle(Object.fromEntries(modules), {
    dir: dist,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
  });
  await bundle(
    Object.fromEntries(DROP_INS.map((name) => [name, source(name)])),
    {
      dir: dist,
      format: 'cjs',
      exports: 'named',
      entryFileNames: '[name].cjs',
      paths: (id) => (id === './monitored.ts' || id === source(SHARED) ? `./${SHARED}.js` : id),
    },
    { external: isShared },
  );
  for (const name of ENTRIES.filter((entry) => !DROP_INS.includes(entry))) {
    writeTo(`${dist}/${name}.cjs`, `'use strict';\nmodule.exports = require('./${name}.js');\n`);
  }
  const declarations = ENTRIES.map((name) => [`${name}.d`, `${ROOT}/${SOURCE}/dist/${name}.d.ts`]);
  await writeTypes(Object.fromEntries(declarations), dist);
  writeTo(`${folder}/package.json`, `${JSON.stringify(manifest(packages), null, 2)}\n`);
}

/** A drop-in has no other module of ours: its state would be there twice. */
function isShared(id, importer) {
  if (importer === undefined || !id.startsWith('.')) return false;
  if (id === './monitored.ts') return true;
  throw new Error(`${importer} imports ${id}: the drop-ins may share ${SHARED} alone`);
}

function manifest(packages) {
  const { name, version, description, license, engines } = readManifest(SOURCE);
  const { ollama: _, ...dependencies } = versionsOf(packages);
  return {
    ...{ name, version, description, license, engines },
    keywords: ['llm', 'ollama', 'openai', 'anthropic', 'monitoring', 'observability', 'nats'],
    type: 'module',
    sideEffects: ['./dist/register.js', './dist/register.cjs'],
    main: './dist/index.cjs',
    types: './dist/index.d.cts',
    exports: { ...Object.fromEntries(ENTRIES.map(exportOf)), './package.json': './package.json' },
    // For TypeScript's older way to resolve, which does not read `exports`.
    typesVersions: {
      '*': Object.fromEntries(
        ENTRIES.slice(1).map((entry) => [subpath(entry), [`./dist/${entry}.d.cts`]]),
      ),
    },
    files: ['dist'],
    dependencies,
    // The app's own copy: what it constructs must be instances of its class.
    peerDependencies: { ollama: PEER },
  };
}

const subpath = (entry) => entry.replace(/\/?index$/, '');

function exportOf(entry) {
  const path = `./dist/${entry}`;
  return [
    ['.', subpath(entry)].filter(Boolean).join('/'),
    {
      import: { types: `${path}.d.ts`, default: `${path}.js` },
      require: { types: `${path}.d.cts`, default: `${path}.cjs` },
    },
  ];
}

function writeTo(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
