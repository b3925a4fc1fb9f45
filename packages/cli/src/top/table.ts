import { callKey, type CallKey } from '@llm-monitor/contracts/live';

import type { Style } from '../terminal/terminal.ts';
import { callColumns, recentColumns } from './call-columns.ts';
import { chooseColumns, headOf, lineOf, type SortedColumn } from './columns.ts';
import type { LiveModel } from './live-model.ts';
import { hostColumns, modelColumns } from './machine-columns.ts';
import type { UiState } from './ui-state.ts';
import type { View } from './views.ts';

/** What one view shows, filtered and in order. */
export interface LiveTable {
  count: number;
  /** Of columns that it can be put in order by. */
  sortable: string[];
  head(width: number): string;
  line(row: number, width: number): string;
  /** The running call in a row; undefined in the other views. */
  callAt(row: number): CallKey | undefined;
  /** Where that call is now; undefined when it is not there any more. */
  rowOf(key: CallKey): number | undefined;
}

type Choice = Pick<UiState, 'sort' | 'filter'> & { view: View };

export function tableOf(
  model: LiveModel,
  choice: Choice,
  { nowMs, style }: { nowMs: number; style: Style },
): LiveTable {
  switch (choice.view) {
    case 'calls': {
      const words = ({ id, model: name, app, host, prompt }: (typeof rows)[number]) => [
        ...[id, name, app, host, prompt],
      ];
      const rows = [...model.active.values()];
      return build(rows, callColumns(nowMs, style), {
        choice,
        words,
        keyOf: callKey,
      });
    }
    case 'recent':
      return build(model.recent, recentColumns(nowMs, style), {
        choice,
        words: (call) => [call.id, call.model, call.app, call.host, call.prompt, call.status],
      });
    case 'models':
      return build(model.models, modelColumns(style), { choice, words: ({ name }) => [name] });
    case 'hosts':
      return build(model.hosts, hostColumns(style), {
        choice,
        words: ({ name, models_loaded: loaded }) => [name, ...loaded.map((one) => one.name)],
      });
  }
}

function build<Row>(
  all: readonly Row[],
  columns: readonly SortedColumn<Row>[],
  options: {
    choice: Choice;
    /** In which the filter is looked for. */
    words(row: Row): (string | null)[];
    keyOf?(row: Row): CallKey;
  },
): LiveTable {
  const { choice, words, keyOf } = options;
  const sort = choice.sort[choice.view];
  const wanted = choice.filter.toLowerCase();
  const fits = (row: Row) => words(row).some((word) => word?.toLowerCase().includes(wanted));
  const order = columns.find(({ key }) => key === sort.key)?.order;
  const found = wanted === '' ? [...all] : all.filter(fits);
  const rows = order
    ? found.toSorted((a, b) => compare(order(a), order(b), sort.isDescending))
    : found;
  return {
    count: rows.length,
    sortable: columns.flatMap(({ key, order: by }) => (by ? [key] : [])),
    head: (width) => headOf(chooseColumns(columns, width), sort),
    line(at, width) {
      const row = rows[at];
      return row === undefined ? '' : lineOf(chooseColumns(columns, width), row);
    },
    callAt(at) {
      const row = rows[at];
      return row === undefined ? undefined : keyOf?.(row);
    },
    rowOf(key) {
      const at = keyOf ? rows.findIndex((row) => keyOf(row) === key) : -1;
      return at === -1 ? undefined : at;
    },
  };
}

function compare(a: number | string, b: number | string, isDescending: boolean): number {
  const up =
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  return isDescending ? -up : up;
}
