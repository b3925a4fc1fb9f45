import { resolve } from 'node:path';

import { CliError } from '../cli-error.ts';
import { givenAs } from './setting-files.ts';
import type { StackState } from './stack-state.ts';

const TOKENS = ['LLM_MONITOR_TOKEN', 'LLM_MONITOR_VIEWER_TOKEN'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** Does a stack with these settings ask who comes in? */
export const isGuarded = (env: Environment): boolean =>
  TOKENS.some((name) => givenAs(env, name) !== undefined);

/** The files of its tokens, which a restart may be told of. A token that stands in a variable is a secret, and is kept nowhere. */
export function tokenFiles(env: Environment): Record<string, string> {
  const files = TOKENS.map((name) => [`${name}_FILE`, env[`${name}_FILE`]] as const);
  return Object.fromEntries(files.flatMap(([name, path]) => (path ? [[name, resolve(path)]] : [])));
}

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
