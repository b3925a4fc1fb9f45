import type { EndedRequest } from '@llm-monitor/contracts/rest';
import { stringify } from 'csv-stringify/sync';

import { EXPORT_COLUMNS } from './export-columns.ts';

/** How calls are written into a file, piece by piece. */
export interface ExportFormat {
  /** Without its charset, which is UTF-8. */
  mediaType: string;
  head: string;
  /** Some calls, at least one. `isFirst`: no other was written before. */
  write(calls: readonly EndedRequest[], isFirst: boolean): string;
  tail: string;
}

/** RFC 4180. What a spreadsheet would take for a formula gets an apostrophe before it: prompts come from anybody. */
const toCsv = (rows: unknown[][]) =>
  stringify(rows, {
    escape_formulas: true,
    record_delimiter: 'windows',
    cast: { boolean: String },
  });

const joined = (calls: readonly EndedRequest[], separator: string) =>
  calls.map((call) => JSON.stringify(call)).join(separator);

/** By what the file's name ends with. */
export const EXPORT_FORMATS = {
  csv: {
    mediaType: 'text/csv',
    head: toCsv([EXPORT_COLUMNS.map(([name]) => name)]),
    write: (calls) => toCsv(calls.map((call) => EXPORT_COLUMNS.map(([, of]) => of(call)))),
    tail: '',
  },
  json: {
    mediaType: 'application/json',
    head: '[',
    write: (calls, isFirst) => (isFirst ? '\n' : ',\n') + joined(calls, ',\n'),
    tail: '\n]\n',
  },
  ndjson: {
    mediaType: 'application/x-ndjson',
    head: '',
    write: (calls) => `${joined(calls, '\n')}\n`,
    tail: '',
  },
} as const satisfies Record<string, ExportFormat>;

export type ExportFormatName = keyof typeof EXPORT_FORMATS;
