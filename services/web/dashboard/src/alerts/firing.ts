import type { Alert } from '@llm-monitor/contracts/alerts';
import type { LiveState } from '@llm-monitor/contracts/live';

import { alertsOf } from './alerts-of.ts';

/** What the alerts service says fires; null while it is away, and the page sees for itself what it can. */
export function firingAlerts({ alerts }: Pick<LiveState, 'alerts'>): readonly Alert[] | null {
  return alerts.evaluated ? alerts.items.filter(({ state }) => state === 'firing') : null;
}

/** How much wants a person's eyes. */
export function countFiring(live: LiveState): number {
  return (firingAlerts(live) ?? alertsOf(live)).length;
}
