// `npm start` and `./llm-monitor <command>`: brings the checkout into a state that runs, then is the CLI.
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { build } from './lib/build.mjs';
import { installWhenNeeded, requireNode } from './lib/install.mjs';
import { ROOT } from './lib/run.mjs';

const CLI = `${ROOT}/packages/cli/dist/main.js`;
/** These start code, so they must be of the present sources; `stop` or `status` must not build first. */
const STARTS_CODE = new Set(['up', 'start', 'restart', 'demo', 'test']);

// Whoever read what is said here has left (`./llm-monitor restart | head`): what was begun goes on all the same.
process.stdout.on('error', () => undefined);
requireNode();
const args = process.argv.slice(2);
try {
  if (STARTS_CODE.has(args[0]) || !existsSync(CLI)) {
    await installWhenNeeded();
    // It takes a minute on a slow machine, and tells nothing by itself.
    await build({ onStep: (name) => console.log(`Building the ${name} …`) });
  }
} catch (error) {
  console.error(`LLM Monitor cannot start: ${error.message}`);
  process.exit(1);
}
process.argv = [process.execPath, CLI, ...args];
await import(pathToFileURL(CLI).href);
