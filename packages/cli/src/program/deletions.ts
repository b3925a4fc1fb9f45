import type { Command } from 'commander';

import { deleteApp, deletePrompts, deleteRequest } from '../commands/delete.ts';
import type { Run } from './run.ts';

/** `delete` and what can be deleted. */
export function addDeletions(program: Command, run: Run): void {
  const group = program
    .command('delete')
    .description('delete a call, the calls of an app, or all texts; figures stay')
    .helpCommand(false);
  group
    .command('request')
    .description('one call that has ended')
    .argument('<id>')
    .option('-a, --app <name>', 'whose call, where several apps used the id')
    .option('-y, --yes', 'do not ask')
    .action((id: string, options: { app?: string; yes?: boolean }) =>
      run((current) => deleteRequest(current, id, options)),
    );
  group
    .command('app')
    .description('all calls of an app that have ended')
    .argument('<name>')
    .option('-y, --yes', 'do not ask')
    .action((name: string, options: { yes?: boolean }) =>
      run((current) => deleteApp(current, name, options)),
    );
  group
    .command('prompts')
    .description('prompts, responses and error texts of all calls; the calls stay')
    .option('-y, --yes', 'do not ask')
    .action((options: { yes?: boolean }) => run((current) => deletePrompts(current, options)));
}
