import { CliError } from './cli-error.ts';
import type { Context } from './context.ts';

/** Says what went wrong, to a person or to the `start` that waits. */
export function reportError(context: Context, error: unknown): number {
  const { terminal, tellStarter } = context;
  const known = error instanceof CliError ? error : ofDisk(error);
  const message = known?.message ?? String((error as Error).stack ?? error);
  const hint = known?.hint;
  terminal.printError(`${terminal.style.red('✗')} ${message}`);
  if (hint) terminal.printError(hint);
  tellStarter?.({ type: 'failed', message, hint });
  return 1;
}

/** Where the shell sent the output, nothing more can be written. */
export const outputLost = (error: Error): CliError =>
  new CliError(`Not all of the output could be written: ${error.message}.`, {
    hint: 'Give room where it goes, then try again.',
  });

/** What a disk can refuse anywhere. Node's own words name the file. */
function ofDisk(error: unknown): CliError | undefined {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (/^(?:ENOSPC|EDQUOT|EFBIG)$/.test(code)) {
    return new CliError(`The disk is full: ${message}.`, { hint: 'Make room, then try again.' });
  }
  if (!/^(?:EROFS|EACCES|EPERM|ENOTDIR|ENAMETOOLONG)$/.test(code)) return undefined;
  return new CliError(`A file cannot be used: ${message}.`, {
    hint: 'Give yourself the right to it, or name another folder with LLM_MONITOR_HOME.',
  });
}
