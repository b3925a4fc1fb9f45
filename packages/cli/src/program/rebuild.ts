import type { Command } from 'commander';

import { dropOldGeneration, rebuild } from '../commands/rebuild.ts';
import type { Run } from './run.ts';

/** `rebuild`. */
export function addRebuild(program: Command, run: Run): void {
  program
    .command('rebuild')
    .description('fill the store anew from the stream of events, while everything runs')
    .option('--drop-old', 'remove the generation that was there before the last rebuild')
    .action((options: { dropOld?: boolean }) => run(options.dropOld ? dropOldGeneration : rebuild));
}
