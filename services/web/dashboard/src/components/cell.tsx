import type { ComponentChildren } from 'preact';

interface CellProps {
  column: string;
  /** the column's title, shown beside the value in a phone's card */
  title?: string | undefined;
  hint?: string | undefined;
  isNumber?: boolean;
  testId?: string | undefined;
  children: ComponentChildren;
}

export function Cell({ column, title, hint, isNumber, testId, children }: CellProps) {
  return (
    <span
      role="cell"
      class={`cell is-${column} ${isNumber ? 'is-number' : ''}`}
      data-title={title}
      data-testid={testId}
      title={hint}
    >
      {children}
    </span>
  );
}
