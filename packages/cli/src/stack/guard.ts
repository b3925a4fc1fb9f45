import { CliError } from '../cli-error.ts';
import { givenAs } from './setting-files.ts';
import type { StackState } from './stack-state.ts';

const TOKENS = ['LLM_MONITOR_TOKEN', 'LLM_MONITOR_VIEWER_TOKEN'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** Does a stack with these settings ask who comes in? */
export const isGuarded = (env: Environment): boolean =>
  TOKENS.some((name) => givenAs(env, name) !== undefined);

/**
 * What asks for a token goes on doing so.
 * @param env with which it is to be started again
 * @throws {CliError} when it would be open then
 */
export function assertStillGuarded(
  before: StackState | undefined,
  env: Environment,
  command: string,
): void {
  if (!before?.isGuarded || isGuarded(env)) return;
  throw new CliError('The monitor asks for a token, and none is set here: it would be open.', {
    hint: [
      'Set LLM_MONITOR_TOKEN as where it was started, or LLM_MONITOR_TOKEN_FILE, which is kept.',
      `To have it without one:  ${command} stop  and then  ${command} start`,
    ].join('\n'),
  });
}
