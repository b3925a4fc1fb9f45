import type { AlertRule, QuietHours } from '@llm-monitor/contracts/alerts';

/** Is it a time at which nobody is to be told? By the clock on the wall there, whatever that does on the days when it is changed. */
export function isQuiet({ from, to, timeZone }: QuietHours, nowMs: number): boolean {
  const time = clockTime(timeZone, nowMs);
  return from < to ? time >= from && time < to : time >= from || time < to;
}

/** When people are not to be told of this rule: never, where it is critical. */
export function quietHoursOf(rule: AlertRule): QuietHours | undefined {
  return rule.severity === 'critical' ? undefined : rule.quietHours;
}

export function isQuietFor(rule: AlertRule, nowMs: number): boolean {
  const quietHours = quietHoursOf(rule);
  return quietHours !== undefined && isQuiet(quietHours, nowMs);
}

/** `HH:MM` */
function clockTime(timeZone: string, nowMs: number): string {
  return new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  }).format(nowMs);
}
