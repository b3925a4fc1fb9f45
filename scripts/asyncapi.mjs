// `pnpm asyncapi`: writes docs/asyncapi.yaml from the catalogue of events in packages/contracts. A unit test fails while it is not so.
import { readFileSync, writeFileSync } from 'node:fs';

import { stringify } from 'yaml';

import { build } from './lib/build.mjs';
import { ROOT } from './lib/run.mjs';

await build();
const { createAsyncapiDocument } = await import('../packages/contracts/dist/catalogue/index.js');
const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'));
const file = `${ROOT}/docs/asyncapi.yaml`;
const head = '# Made by `pnpm asyncapi` from packages/contracts/src/catalogue: change it there.\n';
writeFileSync(
  file,
  head +
    stringify(createAsyncapiDocument(version), { lineWidth: 120, aliasDuplicateObjects: false }),
);
console.log('wrote docs/asyncapi.yaml');
