import { CliError } from './cli-error.ts';
import type { Context } from './context.ts';

/** Says what went wrong, to a person or to the `start` that waits. */
export function reportError(context: Context, error: unknown): number {
  const { terminal, tellStarter } = context;
  const known = error instanceof CliError;
  const message = known ? error.message : String((error as Error).stack ?? error);
  const hint = known ? error.hint : undefined;
  terminal.printError(`${terminal.style.red('✗')} ${message}`);
  if (hint) terminal.printError(hint);
  tellStarter?.({ type: 'failed', message, hint });
  return 1;
}
