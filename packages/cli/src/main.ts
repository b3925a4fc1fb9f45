import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createContext } from './create-context.ts';
import { createProgram } from './program.ts';
import { reportError } from './report-error.ts';

// Whoever read our output has left (`llm-monitor status | head`): end in good order, and without a stack trace.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    if (!process.emit('SIGTERM')) process.exit(0);
  });
}

const main = fileURLToPath(import.meta.url);
const root = join(fileURLToPath(new URL('.', import.meta.url)), '..', '..', '..');
const context = createContext({ process, main, root });

try {
  const program = createProgram(context, (code) => (process.exitCode = code));
  if (process.argv.length <= 2) program.outputHelp();
  else await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(context, error);
}
// Whoever waits for this process must not wait for a handle that nobody needs any more.
if (process.connected) process.disconnect();
