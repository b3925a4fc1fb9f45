import { sumCollecting } from '@llm-monitor/read-model';

import { grownCounts } from './grown-counts.ts';

export const lostEvents = grownCounts('lost_events', ({ collecting }) =>
  Object.entries(collecting.losses).map(([name, { lost }]) => ({ name, of: {}, count: lost })),
);

/** Those that a person removed make it no less than it was. */
export const deadLetters = grownCounts('dead_letters', ({ collecting }) => [
  { name: 'all', of: {}, count: sumCollecting(collecting).dead_letters },
]);
