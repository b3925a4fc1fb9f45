import type { Context } from '../context.ts';
import type { ProcessIdentity } from '../processes/process-identity.ts';
import { portOf } from '../proxy/ollama-address.ts';
import { readStackState } from '../stack/stack-state.ts';

/** A second start changes nothing. It is an error only when another port was asked for. */
export async function alreadyRuns(
  context: Context,
  running: ProcessIdentity,
  typedPort: number | undefined,
): Promise<number> {
  const { terminal, home } = context;
  const state = await readStackState(home.stateFile);
  const where = state ? ` at ${state.webUrl}` : '';
  terminal.print(`LLM Monitor already runs${where} (pid ${running.pid}).`);
  if (!state || typedPort === undefined || portOf(new URL(state.webUrl)) === typedPort) {
    return 0;
  }
  terminal.printError(`To move it there:  ${context.command} restart ${typedPort}`);
  return 1;
}
