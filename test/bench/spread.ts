import type { Published } from '../helpers/an-event.ts';

/** Calls last longer than a batch takes: the first token comes so many calls after the start, and the end as many after that. */
export function spread(events: readonly Published[], callsApart: number): Published[] {
  const steps = new Map<string, number>();
  const placed = events.map((published) => {
    const { requestId } = published.event.data as { requestId: string };
    const step = steps.get(requestId) ?? 0;
    steps.set(requestId, step + 1);
    return { published, at: steps.size + step * callsApart };
  });
  return placed.sort((a, b) => a.at - b.at).map(({ published }) => published);
}
