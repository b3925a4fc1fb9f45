import type { ComponentChildren } from 'preact';

export interface Column {
  /** also the cell's class: it decides its place in the row and in a phone's card */
  id: string;
  title: string;
  isNumber?: boolean;
  /** Said, not shown: its cells speak for themselves. */
  isHidden?: boolean;
}

interface TableProps {
  /** names the set of column widths */
  kind: string;
  label: string;
  columns: readonly Column[];
  /** rows in all, where not all of them are in the page */
  rowCount?: number;
  children: ComponentChildren;
}

/**
 * A table by its roles, laid out as a grid: on a phone each row becomes a card, and the roles outlive that, which those of
 * `<table>` do not.
 */
export function Table({ kind, label, columns, rowCount, children }: TableProps) {
  return (
    <div
      class={`table is-${kind}`}
      role="table"
      aria-label={label}
      aria-rowcount={rowCount === undefined ? undefined : rowCount + 1}
    >
      <div class="table-head" role="rowgroup">
        <div class="row is-head" role="row" aria-rowindex={rowCount === undefined ? undefined : 1}>
          {columns.map((column) => (
            <span
              key={column.id}
              role="columnheader"
              class={`cell is-${column.id} ${column.isNumber ? 'is-number' : ''}`}
            >
              {column.isHidden ? <span class="visually-hidden">{column.title}</span> : column.title}
            </span>
          ))}
        </div>
      </div>
      {children}
    </div>
  );
}
