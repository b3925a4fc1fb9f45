import { access, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { BUS_ACCOUNTS } from '@llm-monitor/contracts/bus';

/** The account of a NATS that was told of none. */
const NAMELESS = '$G';

/** What was moved, and from where it can be moved back. */
export interface MovedStreams {
  /**
   * Where those events are now that lay in that account already: an older version ran once more after a newer one, and what it stored
   * goes on, since the figures are of that; undefined when there were none.
   */
  aside: string | undefined;
  /** As it was before: for an older version that is to run again. Only while no server runs there. */
  moveBack(): Promise<void>;
}

/**
 * Moves what a version before this one stored to the account that has the streams now. Only while no server runs there.
 * @param store the server's `store_dir`
 * @returns undefined when there was nothing to move
 */
export async function moveStreams(store: string, nowMs: number): Promise<MovedStreams | undefined> {
  const folder = join(store, 'jetstream');
  const [from, to] = [join(folder, NAMELESS), join(folder, BUS_ACCOUNTS.monitor)];
  if (!(await exists(from))) return undefined;
  // Not beside them, where the server would take it for one more account.
  const aside = (await exists(to)) ? join(store, `set-aside-${nowMs}`) : undefined;
  if (aside !== undefined) await rename(to, aside);
  await rename(from, to);
  return {
    aside,
    async moveBack() {
      await rename(to, from);
      if (aside !== undefined) await rename(aside, to);
    },
  };
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
