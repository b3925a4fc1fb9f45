import { widthOf } from './fit.ts';

/** Rows in columns as wide as their widest cell; the first row is the head. Colours do not count as width. */
export function formatTable(
  rows: readonly (readonly string[])[],
  alignRight: ReadonlySet<number>,
): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const line = (row: readonly string[]) =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? '';
        const space = ' '.repeat(width - widthOf(cell));
        return alignRight.has(column) ? space + cell : cell + space;
      })
      .join('   ')
      .trimEnd();
  return rows.map(line).join('\n');
}
