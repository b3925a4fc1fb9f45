import type { Trends } from '@llm-monitor/contracts/rest';

import type { HostMinute } from './host-points.ts';

type LoadMark = Trends['marks'][number];

/** When models came into memory and left it: what a server held in a minute against what it held before. */
export function loadMarks(minutes: readonly HostMinute[]): LoadMark[] {
  const marks: LoadMark[] = [];
  const held = new Map<string, ReadonlySet<string>>();
  for (const { host, models } of minutes) {
    for (const [address, { atMs, loaded }] of models) {
      const server = `${host}|${address}`;
      const before = held.get(server);
      const now = new Set(loaded.map(({ name }) => name));
      held.set(server, now);
      // What it held before the first minute is not known.
      if (!before) continue;
      const at = new Date(atMs).toISOString();
      for (const model of now)
        if (!before.has(model)) marks.push({ at, kind: 'loaded', host, model });
      for (const model of before)
        if (!now.has(model)) marks.push({ at, kind: 'unloaded', host, model });
    }
  }
  return marks;
}
