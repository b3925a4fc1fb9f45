// `pnpm soak --minutes N [--rate events/s] [--dashboards N] [--max-requests N] [--write]`: builds, then runs the whole stack under a
// steady load and watches memory and counts. Ends by itself. `--write` keeps the result in docs/soak.md.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';

import { build } from './lib/build.mjs';
import { ROOT, run } from './lib/run.mjs';

const args = process.argv.slice(2).filter((one) => one !== '--write');
const folder = mkdtempSync(`${tmpdir()}/llm-monitor-soak-`);
const result = `${folder}/result.txt`;
try {
  await build({ tests: true });
  const soak = `${ROOT}/test/dist/soak/soak.js`;
  const { code } = await run(process.execPath, [soak, ...args, '--result', result]);
  if (process.argv.includes('--write')) {
    writeFileSync(`${ROOT}/docs/soak.md`, page(readFileSync(result, 'utf8')));
  }
  process.exitCode = code;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function page(output) {
  const version = (command, ...of) => execFileSync(command, of).toString().trim();
  return `# The long run

\`pnpm soak ${args.join(' ')}\`, ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version},
${version('nats-server', '--version')}, ${version('redis-server', '--version').split(' ').slice(0, 3).join(' ')}.
Every minute the load stops for a moment and every count of the API is compared with what was published. Memory is resident memory;
its slope is that of a straight line through all readings after the warm-up. *Live heap* is what a service still holds after a collection of
its garbage, once a minute: it alone tells a leak from a collector of garbage that takes its time.

\`\`\`
${output.trim()}
\`\`\`
`;
}
