import { Argument, type Command } from 'commander';

import {
  listDeadLetters,
  removeDeadLetters,
  retryDeadLetters,
  showDeadLetter,
} from '../commands/dead-letters.ts';
import { readCount } from './arguments.ts';
import { addDefaultCommand } from './default-command.ts';
import type { Run } from './run.ts';

/** `dead-letters` and what can be done with them. */
export function addDeadLetters(program: Command, run: Run): void {
  const letters = program
    .command('dead-letters')
    .description('messages that could not be used: list, show, retry, remove')
    .helpCommand(false);
  addDefaultCommand(letters, 'list', 'the newest')
    .option('-n, --lines <count>', 'how many', readCount, 20)
    .action((options: { lines: number }) =>
      run((current) => listDeadLetters(current, { limit: options.lines })),
    );
  const one = new Argument('<number>', 'as the list numbers them');
  const some = () => new Argument('<number>', 'as the list numbers them, or all');
  letters
    .command('show')
    .description('one, with its body')
    .addArgument(one)
    .action((sequence: string) => run((current) => showDeadLetter(current, sequence)));
  letters
    .command('retry')
    .description('publish it again, for collectors that can use it by now')
    .addArgument(some())
    .action((sequence: string) => run((current) => retryDeadLetters(current, sequence)));
  letters
    .command('remove')
    .addArgument(some())
    .action((sequence: string) => run((current) => removeDeadLetters(current, sequence)));
}
