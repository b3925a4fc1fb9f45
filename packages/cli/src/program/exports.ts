import { METRICS } from '@llm-monitor/contracts/stats';
import { InvalidArgumentError, Option, type Command } from 'commander';

import {
  EXPORT_FORMATS,
  exportFile,
  type ExportOptions,
  type ExportSubject,
} from '../commands/export.ts';
import { addFilter, addHistoryFilter } from './history.ts';
import type { Run } from './run.ts';
import { parseAgo } from './times.ts';

/** `export`: what there is, as a file. Each has the filters of its route. */
export function addExport(program: Command, run: Run): void {
  const group = program
    .command('export')
    .description('write all calls, or figures over time, into a file')
    .helpCommand(false);
  const add = (subject: ExportSubject, description: string) =>
    group
      .command(subject)
      .description(description)
      .addOption(
        new Option('-f, --format <format>', 'of the file').choices(EXPORT_FORMATS).default('csv'),
      )
      .option('-o, --out <file>', 'where; standard output without it')
      .option('--overwrite', 'if the file is there already')
      .action((options: ExportOptions) => run((context) => exportFile(context, subject, options)));
  addHistoryFilter(add('requests', 'every call that ended, newest first'));
  addFilter(
    add('rollups', 'counts and sums of each minute or hour, model, app and machine'),
  ).addOption(
    new Option('--resolution <of>', 'minutes are kept for 48 h').choices(['minute', 'hour']),
  );
  addFilter(add('series', 'figures over time, a column for each'))
    .requiredOption('--metrics <names>', 'separated by commas: requests,failed,p95 …', readMetrics)
    .option('--step <time>', 'one row each 1m to 1d; by default about 180 rows', readStep);
}

function readMetrics(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  const known = METRICS.map(({ name }): string => name);
  if (names.every((name) => known.includes(name))) return names;
  throw new InvalidArgumentError(`There are: ${known.join(', ')}.`);
}

/** In seconds, as the API takes it. */
function readStep(text: string): number {
  const stepMs = parseAgo(text) ?? 0;
  if (stepMs >= 60_000 && stepMs <= 86_400_000 && stepMs % 60_000 === 0) return stepMs / 1000;
  throw new InvalidArgumentError('It may be whole minutes from 1m to 1d.');
}
