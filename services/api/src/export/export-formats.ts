import { stringify } from 'csv-stringify/sync';

/** A column of a table: its name, and what of a row stands in it. */
export type Column<Row> = readonly [name: string, of: (row: Row) => Cell];
export type Cell = string | number | boolean | null | undefined;

/** How rows are written into a file, piece by piece. */
export interface ExportFormat<Row> {
  /** Without its charset, which is UTF-8. */
  mediaType: string;
  head: string;
  /** Some rows, at least one. `isFirst`: no other was written before. */
  write(rows: readonly Row[], isFirst: boolean): string;
  tail: string;
}

/** What the name of a file ends with → its media type. */
export const EXPORT_MEDIA_TYPES = {
  csv: 'text/csv',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
} as const;

export type ExportFormatName = keyof typeof EXPORT_MEDIA_TYPES;
export const EXPORT_FORMAT_NAMES = Object.keys(EXPORT_MEDIA_TYPES) as ExportFormatName[];

/** RFC 4180. What a spreadsheet would take for a formula gets an apostrophe before it: prompts and names come from anybody. */
const toCsv = (rows: unknown[][]) =>
  stringify(rows, {
    escape_formulas: true,
    record_delimiter: 'windows',
    cast: { boolean: String },
  });

/** @param toObject a row in JSON; by default its columns */
export function createExportFormat<Row>(
  name: ExportFormatName,
  columns: readonly Column<Row>[],
  toObject: (row: Row) => object = (row) =>
    Object.fromEntries(columns.map(([column, of]) => [column, of(row) ?? null])),
): ExportFormat<Row> {
  const mediaType = EXPORT_MEDIA_TYPES[name];
  const joined = (rows: readonly Row[], separator: string) =>
    rows.map((row) => JSON.stringify(toObject(row))).join(separator);
  switch (name) {
    case 'csv':
      return {
        ...{ mediaType, head: toCsv([columns.map(([column]) => column)]), tail: '' },
        write: (rows) => toCsv(rows.map((row) => columns.map(([, of]) => of(row)))),
      };
    case 'json':
      return {
        ...{ mediaType, head: '[', tail: '\n]\n' },
        write: (rows, isFirst) => (isFirst ? '\n' : ',\n') + joined(rows, ',\n'),
      };
    case 'ndjson':
      return { mediaType, head: '', tail: '', write: (rows) => `${joined(rows, '\n')}\n` };
  }
}
