import { readInstances } from '@llm-monitor/read-model';

import { grownCounts } from './grown-counts.ts';
import type { ReadContext } from './alert-metric-reader.ts';

export const droppedEvents = grownCounts('dropped_events', (context) =>
  readDrops(context, 'droppedEvents'),
);
export const droppedRequests = grownCounts('dropped_requests', (context) =>
  readDrops(context, 'droppedRequests'),
);

/** Each process counts from its start. */
async function readDrops(
  { store, nowMs }: ReadContext,
  which: 'droppedEvents' | 'droppedRequests',
) {
  const instances = await readInstances(store, nowMs);
  return instances.map(({ app, beat }) => ({
    name: `${app}:${beat.instance}`,
    of: { app, ...(beat.host === undefined ? {} : { host: beat.host }) },
    count: beat[which] ?? 0,
  }));
}
