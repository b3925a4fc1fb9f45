import type { Notification } from '../notification.ts';

/** What fires comes before what is over. */
const ORDER = { fired: 0, again: 1, test: 2, resolved: 3 } as const;
const GRAVITY = { critical: 0, warning: 1, info: 2 } as const;

/** Of each alert what was said last, the gravest first: what fired and was resolved before anybody was told is resolved. */
export function latestOfEach(notifications: readonly Notification[]): Notification[] {
  const latest = new Map<string, Notification>();
  for (const notification of notifications) {
    latest.delete(notification.alert.id);
    latest.set(notification.alert.id, notification);
  }
  return [...latest.values()].sort(
    (a, b) =>
      ORDER[a.what] - ORDER[b.what] || GRAVITY[a.alert.severity] - GRAVITY[b.alert.severity],
  );
}
