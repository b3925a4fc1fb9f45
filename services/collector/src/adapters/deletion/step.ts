/** What came of a step, and where the next one goes on; `next` is undefined at the end. */
export interface Step {
  deleted: number;
  running: number;
  next: string | undefined;
}

/** A part of a deletion that is done in steps: from a place (empty: the beginning) until the time is up. */
export type Stage = (at: string, isTimeUp: () => boolean) => Promise<Step>;

export const nothing = { deleted: 0, running: 0 } as const;

/** Runs stages one after the other, until the time is up. A cursor is `<stage>.<place in it>`. */
export async function runStages(
  stages: readonly Stage[],
  cursor: string,
  isTimeUp: () => boolean,
): Promise<Step> {
  const match = /^(\d{1,2})\.(.*)$/.exec(cursor);
  let index = match ? Number(match[1]) : 0;
  let at = match?.[2] ?? '';
  let deleted = 0;
  let running = 0;
  for (;;) {
    const stage = stages[index];
    if (!stage) return { deleted, running, next: undefined };
    const step = await stage(at, isTimeUp);
    deleted += step.deleted;
    running += step.running;
    at = step.next ?? '';
    if (step.next === undefined) index++;
    if (isTimeUp() && index < stages.length) return { deleted, running, next: `${index}.${at}` };
  }
}
