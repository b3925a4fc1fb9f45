// What this project's client adds to a call, beside what other instrumentations add to the same call in the same run.
// Installs those beside this file's programs, and nowhere else.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { raceCalls } from './call-race.ts';
import { PEERS, type Contender } from './start-caller.ts';

const install = ['install', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
execFileSync('npm', install, { cwd: PEERS, stdio: 'inherit' });
const { dependencies } = JSON.parse(readFileSync(`${PEERS}/package.json`, 'utf8')) as {
  dependencies: Record<string, string>;
};
for (const [name, version] of Object.entries(dependencies)) console.log(`${name} ${version}`);

const contenders = (sdk: Contender['sdk'], instruments: string[]): Contender[] =>
  ['bare', ...instruments].map((instrument) => ({ sdk, instrument }));

console.log('\nollama');
await raceCalls(contenders('ollama', ['drop-in', 'register', 'otel']));
console.log('\nopenai');
const others = ['otel', 'openinference', 'langfuse', 'traceloop'];
await raceCalls(contenders('openai', ['fetch', 'register', ...others]));
console.log('\ngoals: p50 ≤ 15 µs a call and ≤ 1/10 of the best other; CPU ≤ 100 µs and ≤ 1/5');
process.exit(0);
