import type { EndedRequest } from '@llm-monitor/contracts/rest';
import {
  readHistory,
  type HistoryFilter,
  type HistoryPosition,
  type Store,
} from '@llm-monitor/read-model';

const CALLS_AT_ONCE = 500;

/** All calls that fit, newest first, a page at a time; the next is read when it is wanted. */
export async function* callPages(
  store: Store,
  options: { filter: HistoryFilter; elapsedMs(): number },
): AsyncGenerator<EndedRequest[], void> {
  let after: HistoryPosition | undefined;
  do {
    const page = await readHistory(store, {
      ...{ ...options, limit: CALLS_AT_ONCE },
      ...(after ? { after } : {}),
    });
    yield page.items;
    after = page.next ?? undefined;
  } while (after);
}
