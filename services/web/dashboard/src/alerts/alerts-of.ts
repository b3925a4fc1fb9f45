import type { LiveState } from '@llm-monitor/contracts/live';

import type { Page } from '../routing/route.ts';

/** What the page sees for itself, for as long as the alerts service is away. */
export interface SeenAlert {
  /** the same for as long as it lasts */
  id: string;
  severity: 'warning' | 'critical';
  kind:
    | 'degraded'
    | 'behind'
    | 'lost'
    | 'letters'
    | 'dropped'
    | 'droppedEvents'
    | 'unseen'
    | 'hostSilent'
    | 'serverDown'
    | 'memoryFull';
  /** the host it is about */
  host?: string;
  count?: number;
  /** where more of it is said */
  page: Page;
}

const MANY_WAITING = 1000;
const FULL_PERCENT = 90;

/** What fires, the worst first. */
export function alertsOf({ status, hosts }: Pick<LiveState, 'status' | 'hosts'>): SeenAlert[] {
  const alerts: SeenAlert[] = [];
  const add = (isTrue: boolean, alert: Omit<SeenAlert, 'id'>) => {
    if (isTrue) alerts.push({ id: `${alert.kind} ${alert.host ?? ''}`, ...alert });
  };
  const { waiting_events: waiting, lost_events: lost, dead_letters: letters } = status;
  const { dropped_requests: dropped, dropped_events: droppedEvents } = status;
  add(status.status === 'degraded', { severity: 'critical', kind: 'degraded', page: 'pipeline' });
  add(lost > 0, { severity: 'critical', kind: 'lost', count: lost, page: 'pipeline' });
  add(waiting >= MANY_WAITING, {
    ...{ severity: 'warning', kind: 'behind', count: waiting, page: 'pipeline' },
  });
  add(letters > 0, { severity: 'warning', kind: 'letters', count: letters, page: 'pipeline' });
  add(dropped > 0, { severity: 'warning', kind: 'dropped', count: dropped, page: 'apps' });
  add(dropped === 0 && droppedEvents > 0, {
    ...{ severity: 'warning', kind: 'droppedEvents', count: droppedEvents, page: 'apps' },
  });
  for (const host of hosts) {
    const of = { host: host.name, page: 'hosts' } as const;
    add(!host.online, { severity: 'warning', kind: 'hostSilent', ...of });
    if (!host.online) continue;
    add(host.server?.reachable === false, { severity: 'critical', kind: 'serverDown', ...of });
    add((host.memory_percent ?? 0) > FULL_PERCENT, {
      ...{ severity: 'warning', kind: 'memoryFull', count: Math.round(host.memory_percent ?? 0) },
      ...of,
    });
    add(host.unseen_activity !== null, { severity: 'warning', kind: 'unseen', ...of });
  }
  return alerts.sort((a, b) => rank(a) - rank(b));
}

const rank = ({ severity }: SeenAlert) => (severity === 'critical' ? 0 : 1);
