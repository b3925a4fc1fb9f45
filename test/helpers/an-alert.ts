import type { Notification } from '@llm-monitor/alerts/delivery';
import type { Alert, AlertRule } from '@llm-monitor/contracts/alerts';

/** A name that means something to every channel, and must mean nothing to any. */
export const HOSTILE_NAME =
  "<!channel> @everyone <@1> *b* [l](http://x) =cmd|' /C calc'!A0\r\nBcc: x@y.example\r\n\r\n<script>alert(1)</script>";

/** Fires as long as it is there: some number of calls is 0 or more. */
export const ALWAYS_FIRES: AlertRule = {
  ...{ id: 'always', name: 'Always', enabled: true, metric: 'requests', comparator: '>=' },
  ...{ threshold: 0, windowSeconds: 60, forSeconds: 0, noData: 'fire', renotifySeconds: 0 },
  ...{ severity: 'info', channels: ['of-rule'] },
};

let count = 0;

/** What the evaluation hands over: an alert of its own each time, unless `id` is given. */
export function anAlert(
  what: Notification['what'] = 'fired',
  changes: Partial<Alert> = {},
  channels?: string[],
): Notification {
  const id = changes.id ?? `alert-${++count}`;
  const since = '2026-05-01T10:00:00.000Z';
  const common = {
    metric: 'success_rate',
    comparator: '<',
    threshold: 90,
    windowSeconds: 300,
  } as const;
  const alert: Alert = {
    ...{ rule: 'failures', name: 'Too many failures', severity: 'critical', state: 'firing' },
    ...{ unit: '%', of: { model: 'phi3' }, ...common, value: 12.5 },
    ...{ since, firedAt: since, resolvedAt: null, resolution: null },
    link: '/history?model=phi3',
    ...changes,
    id,
  };
  return {
    ...{ id: `${id}:${what}`, what, alert },
    rule: {
      ...{ id: alert.rule, name: alert.name, enabled: true, severity: alert.severity, ...common },
      ...{ forSeconds: 0, noData: 'ok', renotifySeconds: 0 },
      ...(channels ? { channels } : {}),
    },
  };
}
