import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';

import type { Context } from '../context.ts';
import { printable } from '../terminal/printable.ts';
import { placeOf } from './place-of.ts';
import { storeEnvironment } from './store-environment.ts';

/** `backup`: all that Redis keeps, as it is at this moment, in one file. Everything runs on meanwhile. */
export async function backup(
  context: Context,
  { out, overwrite, force }: { out?: string; overwrite?: boolean; force?: boolean },
): Promise<number> {
  const stamp = new Date().toISOString().slice(0, 16).replace(/[T:]/g, '-');
  const mayOverwrite = overwrite === true || force === true;
  const path = placeOf(out ?? `llm-monitor-${stamp}.backup.gz`, mayOverwrite);
  return await runArchive(context, ['backup', path]);
}

/** `restore`: a backup, into a stack that has no calls. */
export async function restore(
  context: Context,
  file: string,
  options: { replace?: boolean; yes?: boolean },
): Promise<number> {
  const path = resolve(file);
  if (!options.replace) return await runArchive(context, ['restore', path]);
  // Nobody is asked for a file that cannot be restored.
  const checked = await runArchive(context, ['check', path]);
  if (checked !== 0) return checked;
  if (!options.yes && !(await isConfirmed(context))) return 1;
  return await runArchive(context, ['restore', path, '--replace']);
}

async function isConfirmed({ terminal }: Context): Promise<boolean> {
  terminal.print(
    'Every call that is kept now is removed, and those of the backup take their place.',
  );
  const answer = await terminal.ask('Type "yes" to go on: ');
  if (answer === undefined) {
    terminal.printError('Nobody can be asked here. To replace it without a question:  --yes');
    return false;
  }
  if (answer.trim().toLowerCase() === 'yes') return true;
  terminal.print('Nothing was changed.');
  return false;
}

/** By a program of the collector's, which alone knows how to write to the store. @returns its exit code */
async function runArchive(context: Context, args: readonly string[]): Promise<number> {
  const program = join(context.root, 'services', 'collector', 'dist', 'archive', 'main.js');
  const env = args[0] === 'check' ? context.env : await storeEnvironment(context);
  const child = spawn(context.node, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = { out: '', err: '' };
  child.stdout.on(
    'data',
    (data: Buffer) => (lines.out = tell(lines.out + data, context.terminal.print)),
  );
  child.stderr.on(
    'data',
    (data: Buffer) => (lines.err = tell(lines.err + data, context.terminal.printError)),
  );
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

/** Prints whole lines. @returns the beginning of the next one */
function tell(text: string, print: (line: string) => void): string {
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  // What a file says of itself is in it.
  for (const line of lines) print(printable(line));
  return rest;
}
