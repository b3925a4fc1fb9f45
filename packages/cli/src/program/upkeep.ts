import { Option, type Command } from 'commander';

import { SYSTEMS } from '../autostart/autostart-files.ts';
import {
  installAutostart,
  removeAutostart,
  showAutostart,
  type AutostartOptions,
} from '../commands/autostart.ts';
import { uninstall } from '../commands/uninstall.ts';
import { upgrade } from '../commands/upgrade.ts';
import { addDefaultCommand } from './default-command.ts';
import type { Run } from './run.ts';

/** What keeps an installation well, from the first day to the last. */
export function addUpkeep(program: Command, run: Run): void {
  program
    .command('doctor')
    .description('what is wrong, and what to do; exit code 1 when there is a problem')
    .option('--json', 'for programs')
    .action((options: { json?: boolean }) =>
      run(async (context) => (await import('../commands/doctor.ts')).doctor(context, options)),
    );
  addAutostart(program, run);
  program
    .command('upgrade')
    .description('install the newest version, or go back when it does not become ready')
    .option('--check', 'only say what there is')
    .action((options: { check?: boolean }) => run((context) => upgrade(context, options)));
  program
    .command('uninstall')
    .description('stop it, and remove the autostart and, after a question, all data')
    .option('--keep-data', 'do not remove data, and do not ask')
    .option('-y, --yes', 'remove data, and do not ask')
    .action((options: { keepData?: boolean; yes?: boolean }) =>
      run((context) => uninstall(context, options)),
    );
}

function addAutostart(program: Command, run: Run): void {
  const group = program
    .command('autostart')
    .description('run at each login, by systemd or launchd: install, remove, status')
    .helpCommand(false);
  addDefaultCommand(group, 'status', 'is it installed; exit code 3 when not').action(() =>
    run(showAutostart),
  );
  group
    .command('install')
    .description('write a unit or agent of your own; never needs root')
    .option('--now', 'start it at once')
    .option('--print', 'only show the file')
    .addOption(new Option('--for <system>', 'with --print').choices(SYSTEMS).hideHelp())
    .action((options: AutostartOptions) => run((context) => installAutostart(context, options)));
  group
    .command('remove')
    .description('take it away; data and what runs stay')
    .action(() => run(removeAutostart));
}
