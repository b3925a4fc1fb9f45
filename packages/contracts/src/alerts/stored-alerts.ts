import type { Alert } from './alert.ts';
import type { AlertRule, QuietHours } from './rule.ts';

/** `alertStates` hash value, by the alert's id: what is pending or fires. Times in ms since 1970. */
export interface StoredAlert {
  alert: Alert;
  /** As it was when it was last looked at. */
  rule: AlertRule;
  /** When it was last found to hold or not. */
  judgedAtMs: number;
  /** It fires and has not held since then. */
  clearSinceMs?: number;
  /** When people were last told; absent: they have not been. */
  toldAtMs?: number;
}

/** `alertHandover` hash value: an event to be published or a notification to be handed over. */
export interface StoredHandover {
  /** When it happened, ms since 1970. */
  atMs: number;
  what: 'fired' | 'resolved' | 'again';
  alert: Alert;
  rule: AlertRule;
  /** `event` for everybody on NATS, `tell` for the channels. */
  as: 'event' | 'tell';
  /** Not to be told within these. */
  quietHours?: QuietHours;
}

/** Fields of the `alertStatus` hash: how evaluating goes. */
export interface StoredAlertStatus {
  /** ms since 1970 */
  evaluatedAtMs?: string;
  /** Which replica evaluated. */
  by?: string;
}

/** Rules are looked at every few seconds. Where that has not happened for longer, what is stored says nothing of now. */
export const ALERTS_FRESH_MS = 30_000;

/** Fields of an entry of the `alertLog` stream. */
export const ALERT_LOG_FIELDS = { what: 'what', alert: 'alert' } as const;
