import type { Command } from 'commander';

import type { Run } from './run.ts';

/** What keeps an installation well. */
export function addUpkeep(program: Command, run: Run): void {
  program
    .command('doctor')
    .description('what is wrong, and what to do; exit code 1 when there is a problem')
    .option('--json', 'for programs')
    .action((options: { json?: boolean }) =>
      run(async (context) => (await import('../commands/doctor.ts')).doctor(context, options)),
    );
}
