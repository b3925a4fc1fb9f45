import { fit } from '../terminal/fit.ts';

/** One column of a table that fits itself to a width. */
export interface Column<Row> {
  key: string;
  title: string;
  width: number;
  align?: 'right';
  /** Leaves first where there is little room; 0 never does. */
  rank: number;
  /** Takes what is left; of several the last one. */
  grows?: boolean;
  text(row: Row): string;
  /** Paints a text that has its width already. */
  paint?(text: string, row: Row): string;
}

/** A column by which rows can be put in order. */
export interface SortedColumn<Row> extends Column<Row> {
  order?(row: Row): number | string;
}

const GAP = 1;

/** The columns that there is room for, each with the width that it gets. */
export function chooseColumns<Row>(
  columns: readonly Column<Row>[],
  width: number,
): (Column<Row> & { width: number })[] {
  const kept = [...columns];
  const needed = () => kept.reduce((sum, column) => sum + column.width + GAP, -GAP);
  while (needed() > width && kept.some(({ rank }) => rank > 0)) {
    const worst = kept.reduce((a, b) => (b.rank >= a.rank ? b : a));
    kept.splice(kept.indexOf(worst), 1);
  }
  const left = width - needed();
  // What is left goes to one of them; what is missing is missing of all.
  const grower = kept.findLast(({ grows }) => grows);
  return kept.map((column) => ({
    ...column,
    width: Math.max(1, column.width + (column === grower || left < 0 ? left : 0)),
  }));
}

export function headOf<Row>(
  columns: readonly Column<Row>[],
  sort: { key: string; isDescending: boolean } | undefined,
): string {
  return columns
    .map(({ key, title, width, align }) => {
      const arrow = sort?.key === key ? (sort.isDescending ? '↓' : '↑') : '';
      return fit(`${title}${arrow}`, width, align);
    })
    .join(' '.repeat(GAP));
}

export function lineOf<Row>(columns: readonly Column<Row>[], row: Row): string {
  return columns
    .map(({ text, width, align, paint }) => {
      const cell = fit(text(row), width, align);
      return paint ? paint(cell, row) : cell;
    })
    .join(' '.repeat(GAP));
}
