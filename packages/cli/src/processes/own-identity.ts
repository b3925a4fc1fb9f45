import { CliError } from '../cli-error.ts';
import { identifyProcess, type ProcessIdentity } from './process-identity.ts';

/**
 * Identifies the process that asks, by which others will know whether it still runs.
 * @throws {CliError} where the system does not tell
 */
export async function ownIdentity(pid: number): Promise<ProcessIdentity> {
  const mine = await identifyProcess(pid);
  if (mine) return mine;
  throw new CliError('This system does not say which processes run.', {
    hint: 'It needs /proc or the program ps: install it (on Debian and Ubuntu: procps) and try again.',
  });
}
