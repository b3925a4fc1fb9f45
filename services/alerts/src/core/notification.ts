import type { Alert, AlertRule } from '@llm-monitor/contracts/alerts';

/** Something that people are to be told. */
export interface Notification {
  /** The same when it is handed over again after a crash: whoever tells it can leave out what was told. */
  id: string;
  /** `again`: it still fires; `test`: somebody tries a channel. */
  what: 'fired' | 'resolved' | 'again' | 'test';
  alert: Alert;
  /** As it was when this happened. Which channels: `rule.channels`, all that are on where it is absent. */
  rule: AlertRule;
}

/**
 * Tells people. It resolves once the notification is told or kept safely by whoever tells it; where it rejects, the same one comes
 * again later.
 */
export type Notify = (notification: Notification) => Promise<void>;
