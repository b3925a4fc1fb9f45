import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createContext } from './create-context.ts';
import { createProgram } from './program.ts';
import { outputLost, reportError } from './report-error.ts';

const main = fileURLToPath(import.meta.url);
const root = join(fileURLToPath(new URL('.', import.meta.url)), '..', '..', '..');
const context = createContext({ process, main, root });

/** These show something, or run for as long as somebody wants them. All others go on to their end: half a restart would leave nothing running. */
const FOR_WHO_LOOKS = new Set([
  ...['up', 'demo', 'proxy', 'agent'],
  ...['top', 'tail', 'logs', 'query', 'export'],
]);
let isOutputLost = false;
let isReaderGone = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read our output has left (`llm-monitor status | head`): end in good order, and without a stack trace.
    if (error.code === 'EPIPE') {
      if (!FOR_WHO_LOOKS.has(process.argv[2] ?? '')) return;
      // Once: what is written while it ends would count as a second signal, which is not to wait for that.
      if (isReaderGone) return;
      isReaderGone = true;
      if (!process.emit('SIGTERM', 'SIGPIPE')) process.exit(0);
    } else if (!isOutputLost) {
      // A full disk (`llm-monitor query > calls.txt`). A stack that runs goes on without a word.
      isOutputLost = true;
      process.exitCode = reportError(context, outputLost(error));
    }
  });
}

const [, , command = '', ...options] = process.argv;
// A join token is a password, everybody sees the list of processes, and an agent runs for days. Node has a copy of its own.
if (options.some((one) => one.startsWith('--join'))) process.title = `llm-monitor ${command}`;

try {
  const program = createProgram(context, (code) => (process.exitCode = isOutputLost ? 1 : code));
  if (process.argv.length <= 2) program.outputHelp();
  else await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(context, error);
}
// Whoever waits for this process must not wait for a handle that nobody needs any more.
if (process.connected) process.disconnect();
