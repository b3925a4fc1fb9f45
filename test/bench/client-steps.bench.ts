// What the drop-in adds to a call, so exactly that small steps are seen. One build runs twice, which shows what is noise. `--other FOLDER`
// compares with another build: the `packages/client/dist` of another checkout, or a copy of this one's beside it. `--instrument register` or
// `fetch`, and `--sdk openai`, measure another way of looking at calls, or those of another SDK.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import type { BlockOfCalls, Contender } from './start-caller.ts';
import { raceSteps, type Lane } from './step-race.ts';

/**
 * Between calls the program goes round its loop, as any does that waits for an answer; the first kind does not, as `pnpm bench client`.
 * Before each call of the last kind it rests, so that code and caches are cold.
 */
const KINDS: readonly BlockOfCalls[] = [
  { chunks: 50, calls: 300, transport: 'memory' },
  { chunks: 2, calls: 600, transport: 'memory', restMs: 12, restEvery: 30 },
  { chunks: 50, calls: 300, transport: 'memory', restMs: 0 },
  { chunks: 200, calls: 120, transport: 'memory', restMs: 0 },
  { chunks: 2, calls: 15, transport: 'memory', restMs: 25 },
];

const { values: options } = parseArgs({
  options: {
    other: { type: 'string' },
    instrument: { type: 'string', default: 'drop-in' },
    sdk: { type: 'string', default: 'ollama' },
  },
});
const { instrument } = options;
const other = options.other && resolve(options.other);
const lanes: Lane[] = [
  { name: 'bare', instrument: 'bare' },
  { name: 'this build', instrument },
  { name: 'this build again', instrument },
];
if (other !== undefined) {
  const client = (part: string) =>
    pathToFileURL(part === '/register' ? `${other}/register.js` : `${other}${part}/index.js`).href;
  lanes.push({ name: 'the other', instrument, client });
}
await raceSteps(lanes, KINDS, options.sdk as Contender['sdk']);
process.exit(0);
