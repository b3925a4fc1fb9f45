import type { Command } from 'commander';

import {
  exportAlertRules,
  importAlertRules,
  listAlertRules,
  listAlerts,
} from '../commands/alert-rules.ts';
import { addAlertChannels } from './alert-channels.ts';
import { addDefaultCommand } from './default-command.ts';
import type { Run } from './run.ts';

/** `alerts`: what fires, the rules, and who is told. */
export function addAlerts(program: Command, run: Run): void {
  const alerts = program
    .command('alerts')
    .description('what fires; exit code 1 when something does; its rules, and who is told')
    .helpCommand(false);
  addDefaultCommand(alerts, 'list', 'what fires and is pending').action(() => run(listAlerts));
  const rules = alerts
    .command('rules')
    .description('the rules: list, export, import')
    .helpCommand(false);
  addDefaultCommand(rules, 'list', 'all of them').action(() => run(listAlertRules));
  rules
    .command('export')
    .description('all of them as YAML')
    .argument('[file]', 'standard output without one')
    .option('--overwrite', 'if the file is there already')
    .action((file: string | undefined, options: { overwrite?: boolean }) =>
      run((current) => exportAlertRules(current, file, options)),
    );
  rules
    .command('import')
    .description('put those of a file in the place of all there are')
    .argument('<file>', 'YAML or JSON; - reads standard input')
    .option('--dry-run', 'only say what that would change')
    .action((file: string, options: { dryRun?: boolean }) =>
      run((current) => importAlertRules(current, file, options)),
    );
  addAlertChannels(alerts, run);
}
