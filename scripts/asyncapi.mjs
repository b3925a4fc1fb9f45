// `pnpm asyncapi [--check]`: writes docs/asyncapi.yaml from the catalogue of events in packages/contracts; with --check it only says
// whether the file is what the catalogue says.
import { readFileSync, writeFileSync } from 'node:fs';

import { stringify } from 'yaml';

import { ROOT, runTool } from './lib/run.mjs';

const FILE = `${ROOT}/docs/asyncapi.yaml`;
const HEAD = '# Made by `pnpm asyncapi` from packages/contracts/src/catalogue: change it there.\n';

const { code } = await runTool('tsc', ['-b', 'packages/contracts']);
if (code !== 0) process.exit(code);
const { createAsyncapiDocument } = await import('../packages/contracts/dist/catalogue/index.js');
const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'));
const document = createAsyncapiDocument(version);
const text = HEAD + stringify(document, { lineWidth: 120, aliasDuplicateObjects: false });
if (!process.argv.includes('--check')) {
  writeFileSync(FILE, text);
  console.log('wrote docs/asyncapi.yaml');
} else if (readFileSync(FILE, 'utf8') !== text) {
  console.error('docs/asyncapi.yaml is not what the catalogue of events says. Run: pnpm asyncapi');
  process.exitCode = 1;
}
