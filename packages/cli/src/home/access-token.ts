import { readFileSync } from 'node:fs';

import { CliError } from '../cli-error.ts';

/**
 * The token that the running monitor asks for, as its services take it: by variable or by file.
 * @throws {CliError} when the file cannot be read
 */
export function accessToken(env: Record<string, string | undefined>): string | undefined {
  const path = env['LLM_MONITOR_TOKEN_FILE'];
  if (env['LLM_MONITOR_TOKEN'] || !path) return env['LLM_MONITOR_TOKEN'] || undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new CliError(`LLM_MONITOR_TOKEN_FILE names "${path}", which cannot be read.`, {
      hint: `Put the token there, or unset LLM_MONITOR_TOKEN_FILE. (${(error as Error).message})`,
    });
  }
}
