import { Option, type Command } from 'commander';

import { backup, restore } from '../commands/archive.ts';
import type { Run } from './run.ts';

/** `backup` and `restore`. */
export function addArchive(program: Command, run: Run): void {
  program
    .command('backup')
    .description('write all that is kept into one file, while everything runs')
    .option('-o, --out <file>', 'where (default llm-monitor-<time>.backup.gz in this folder)')
    .option('--overwrite', 'if the file is there already')
    .addOption(new Option('--force', 'the same').hideHelp())
    .action((options: { out?: string; overwrite?: boolean; force?: boolean }) =>
      run((current) => backup(current, options)),
    );
  program
    .command('restore')
    .description('put a backup into a stack that has no calls yet')
    .argument('<file>')
    .option('--replace', 'remove the calls that are there first')
    .option('-y, --yes', 'do not ask')
    .action((file: string, options: { replace?: boolean; yes?: boolean }) =>
      run((current) => restore(current, file, options)),
    );
}
