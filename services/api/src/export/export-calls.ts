import {
  readHistory,
  type HistoryFilter,
  type HistoryPosition,
  type Store,
} from '@llm-monitor/read-model';

import type { ExportFormat } from './export-formats.ts';

const CALLS_AT_ONCE = 500;

/** All calls that fit, newest first, as the text of a file. Holds one page at a time, and reads the next when that is taken. */
export async function* exportCalls(
  store: Store,
  options: {
    filter: HistoryFilter;
    format: ExportFormat;
    elapsedMs(): number;
    /** Told whenever somebody takes some of it. */
    onTaken(): void;
  },
): AsyncGenerator<string, void> {
  const { filter, format, elapsedMs, onTaken } = options;
  if (format.head) yield format.head;
  let isFirst = true;
  let after: HistoryPosition | undefined;
  do {
    onTaken();
    const page = await readHistory(store, {
      ...{ limit: CALLS_AT_ONCE, filter, elapsedMs },
      ...(after ? { after } : {}),
    });
    if (page.items.length > 0) {
      yield format.write(page.items, isFirst);
      isFirst = false;
    }
    after = page.next ?? undefined;
  } while (after);
  if (format.tail) yield format.tail;
}
