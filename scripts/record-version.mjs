// `node scripts/record-version.mjs <folder> <version>`: runs the built services of another checkout under a small load, and keeps what
// they left in NATS and Redis, and what their API said of it, in test/fixtures/version-<version>.json.gz. Later versions are tested with it.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

import { build } from './lib/build.mjs';
import { ROOT } from './lib/run.mjs';

const [folder, version] = process.argv.slice(2);
if (!folder || !version) {
  console.error(
    'usage: node scripts/record-version.mjs <folder of a built checkout> <its version>',
  );
  process.exit(2);
}
if (!existsSync(resolve(folder, 'services/collector/dist/main.js'))) {
  console.error(`${folder} has no built services: build that version there first`);
  process.exit(2);
}
await build({ tests: true });
const { recordVersion } = await import(`${ROOT}/test/dist/helpers/record-version.js`);
const recorded = await recordVersion({ root: resolve(folder), version });
mkdirSync(`${ROOT}/test/fixtures`, { recursive: true });
const path = `test/fixtures/version-${version}.json.gz`;
const bytes = gzipSync(JSON.stringify(recorded), { level: 9 });
writeFileSync(`${ROOT}/${path}`, bytes);
console.log(
  `${path}: ${recorded.messages.length} messages, ${recorded.keys.length} keys, ${bytes.length} B`,
);
