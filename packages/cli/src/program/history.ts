import { InvalidArgumentError, Option, type Command } from 'commander';

import { VERDICT_KINDS } from '@llm-monitor/contracts/events';
import { END_STATUSES, type EndStatus } from '@llm-monitor/contracts/rest';

import { query, queryOne, type QueryOptions } from '../commands/query.ts';
import { readCount } from './arguments.ts';
import type { Run } from './run.ts';
import { readMoment, readRange } from './times.ts';

const MAX_LIMIT = 100_000;
const USUAL_LIMIT = 20;

/** The options that choose by name and time. */
export function addFilter(command: Command): Command {
  return command
    .option('-m, --model <name>', 'of this model')
    .option('-a, --app <name>', 'of this app')
    .option('--host <name>', 'on this machine')
    .option('--since <time>', 'then or later: 2h (ago), 2026-05-01, 2026-05-01T10:00', readMoment)
    .option('--until <time>', 'before', readMoment)
    .addOption(
      new Option('-r, --range <time>', 'the time up to now: 15m, 6h, 7d')
        .argParser(readRange)
        .conflicts(['since', 'until']),
    )
    .option('--demo', 'demo traffic alone, which is left out else');
}

/** The options that choose ended calls; times are those of their ends. */
export function addHistoryFilter(command: Command): Command {
  return addFilter(command)
    .option('--session <id>', 'of this session')
    .option('--user <id>', 'of this user')
    .option('--status <words>', `${END_STATUSES.join(', ')}; several with commas`, readStatuses)
    .addOption(
      new Option('--verdict <kind>', 'of which that was found').choices(
        VERDICT_KINDS.filter((kind) => kind !== 'queued' && kind !== 'loading'),
      ),
    )
    .option('--search <text>', 'stands in the id, model, app, prompt, response or error');
}

/** `query`. */
export function addHistory(program: Command, run: Run): void {
  addHistoryFilter(
    program
      .command('query')
      .description('calls that ended, newest first; with an id one call in full')
      .argument('[id]'),
  )
    .option('-n, --limit <count>', 'how many at most', readLimit, USUAL_LIMIT)
    .option('--json', 'as JSON')
    .addOption(new Option('--csv', 'as CSV').conflicts('json'))
    .action((id: string | undefined, options: QueryOptions) =>
      run((context) =>
        id === undefined ? query(context, options) : queryOne(context, id, options),
      ),
    );
}

function readLimit(text: string): number {
  const count = readCount(text);
  if (count > MAX_LIMIT) {
    throw new InvalidArgumentError(`At most ${MAX_LIMIT}. All of them:  export requests`);
  }
  return count;
}

function readStatuses(text: string): EndStatus[] {
  const words = text.split(',').map((word) => word.trim());
  const isStatus = (word: string): word is EndStatus =>
    (END_STATUSES as readonly string[]).includes(word);
  if (words.every(isStatus)) return words;
  throw new InvalidArgumentError(`It may be ${END_STATUSES.join(', ')}, several with commas.`);
}
