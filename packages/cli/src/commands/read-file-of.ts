import { CliError } from '../cli-error.ts';
import { openApi } from './ask-api.ts';
import type { RunningStack } from './running-stack.ts';

/**
 * A file of the API, piece by piece as it is taken.
 * @throws {CliError} when it refuses, or when the file breaks off before its end
 */
export async function* readFileOf(
  stack: RunningStack,
  path: string,
  stopped?: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const response = await openApi(stack, path, stopped);
  try {
    for await (const piece of response.body ?? []) yield piece as Uint8Array;
  } catch (cause) {
    if (stopped?.aborted) return;
    throw new CliError('The export broke off before its end: what came is not all.', {
      hint: `See what the API says:  ${stack.command} logs api   and try again.`,
      cause,
    });
  }
}

/** The same as text. */
export async function* readTextOf(
  ...given: Parameters<typeof readFileOf>
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  for await (const piece of readFileOf(...given)) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}
