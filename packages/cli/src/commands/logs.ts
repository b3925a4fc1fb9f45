import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { followFile, readLastLines } from '../logs/log-file.ts';
import { formatLogLine } from '../logs/format-log-line.ts';

const POLL_MS = 300;

/** `logs [part]`: the last lines of one part's log or of all, and with `-f` what comes. */
export async function logs(
  context: Context,
  options: { part: string | undefined; lines: number; follow?: boolean },
): Promise<number> {
  const { terminal, home } = context;
  const parts = choose(listParts(home.logs), options.part, context.command);
  const width = Math.max(...parts.map((part) => part.length));
  const print = (part: string) => (line: string) =>
    terminal.print(formatLogLine(line, part.padEnd(width), terminal.style));
  for (const part of parts) {
    (await readLastLines(join(home.logs, `${part}.log`), options.lines)).forEach(print(part));
  }
  if (!options.follow) return 0;
  const { stopped } = context.catchSignals();
  await Promise.all(
    parts.map((part) =>
      followFile(join(home.logs, `${part}.log`), {
        onLine: print(part),
        pollMs: POLL_MS,
        stopped,
      }),
    ),
  );
  return 0;
}

function listParts(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .map((name) => name.slice(0, -'.log'.length))
      .toSorted();
  } catch {
    return [];
  }
}

function choose(
  parts: readonly string[],
  wanted: string | undefined,
  command: string,
): readonly string[] {
  if (parts.length === 0) {
    throw new CliError('There are no logs yet.', { hint: `${command} start  makes some.` });
  }
  if (wanted === undefined) return parts;
  if (parts.includes(wanted)) return [wanted];
  throw new CliError(`There is no log of "${wanted}".`, { hint: `There are: ${parts.join(', ')}` });
}
