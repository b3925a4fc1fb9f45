import type { ExportFormat } from './export-formats.ts';

/** Rows as the text of a file. Holds one page at a time, and has the next read when that is taken. @param onTaken told whenever somebody takes some of it */
export async function* writeExport<Row>(
  pages: AsyncIterable<readonly Row[]>,
  format: ExportFormat<Row>,
  onTaken: () => void,
): AsyncGenerator<string, void> {
  if (format.head) yield format.head;
  let isFirst = true;
  for await (const rows of pages) {
    onTaken();
    if (rows.length === 0) continue;
    yield format.write(rows, isFirst);
    isFirst = false;
  }
  if (format.tail) yield format.tail;
}
