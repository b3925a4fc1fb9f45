import { InvalidArgumentError, Option, type Command } from 'commander';

import type { TopOptions } from '../commands/top.ts';
import type { TailOptions } from '../commands/tail.ts';
import { EVENT_KINDS, type EventKind } from '../tail/event-kinds.ts';
import type { Run } from './run.ts';

/** What shows the present. The libraries that it needs are loaded only then. */
export function addLive(program: Command, run: Run): void {
  program
    .command('top')
    .description('what runs now, live: calls, models, hosts; ? lists its keys')
    .option('--once', 'print it once and end, as where there is no terminal')
    .option('--json', 'once, as JSON')
    .option('--filter <text>', 'only what has it')
    .option('--demo', 'demo traffic alone, which is left out else')
    .action((options: TopOptions) =>
      run(async (context) => (await import('../commands/top.ts')).top(context, options)),
    );
  program
    .command('tail')
    .description('follow events as they are published on NATS')
    .option('-a, --app <name>', 'of this app')
    .option('-m, --model <name>', 'of this model')
    .option('-k, --kind <kinds>', `${EVENT_KINDS.join(', ')}; several with commas`, readKinds)
    .addOption(
      new Option(
        '-s, --subject <subject>',
        "of NATS, instead of kinds: 'llm.request.failed.>'",
      ).conflicts(['kind', 'failed']),
    )
    .addOption(new Option('--failed', 'failed calls and dead letters alone').conflicts('kind'))
    .option('--demo', 'demo traffic alone, which is left out else')
    .option('--json', 'one event a line, as JSON')
    .action((options: TailOptions) =>
      run(async (context) => (await import('../commands/tail.ts')).tail(context, options)),
    );
}

function readKinds(text: string): readonly EventKind[] {
  const words = text.split(',').map((word) => word.trim());
  const isKind = (word: string): word is EventKind => EVENT_KINDS.some((kind) => kind === word);
  if (words.every(isKind)) return words;
  throw new InvalidArgumentError(`It may be ${EVENT_KINDS.join(', ')}.`);
}
