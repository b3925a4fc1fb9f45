import { PORTS } from '@llm-monitor/contracts/bus';
import { commonConfig, Port } from '@llm-monitor/runtime';
import { Type, type Static } from '@llm-monitor/contracts/typebox';

const MINUTE_MS = 60_000;

/** The environment of the alerts. Rules and channels are not in it: people set them while it runs. */
export const AlertsConfig = Type.Object({
  ...commonConfig,
  PORT: Port(PORTS.alerts),
  /** How often the rules are looked at. */
  ALERT_EVERY_MS: Type.Integer({ minimum: 100, maximum: MINUTE_MS, default: 5000 }),
  /** What fires is resolved after it did not hold for so long. */
  ALERT_CLEAR_MS: Type.Integer({ minimum: 0, maximum: 10 * MINUTE_MS, default: 30_000 }),
  /** After so long without a sign of the replica that looks at the rules another one does. */
  ALERT_LEASE_MS: Type.Integer({ minimum: 500, maximum: 10 * MINUTE_MS, default: 15_000 }),
  /** Where people find the dashboard: links in messages begin with it. */
  DASHBOARD_URL: Type.String({
    default: 'http://localhost:8080',
    pattern: '^https?://[^\\s]+$',
    description: 'an address such as http://localhost:8080',
  }),
  /** How long the first alert of a message waits for others, ms. */
  ALERT_GATHER_MS: Type.Integer({ default: 2000, minimum: 0, maximum: 60_000 }),
  /** How long one attempt to tell people may take, ms, and how long to wait after the first that failed. */
  ALERT_SEND_TIMEOUT_MS: Type.Integer({ default: 15_000, minimum: 100, maximum: 60_000 }),
  ALERT_RETRY_MS: Type.Integer({ default: 5000, minimum: 10, maximum: 900_000 }),
  /** How often running calls are judged; ms. */
  VERDICT_EVERY_MS: Type.Integer({ minimum: 100, maximum: 60_000, default: 2000 }),
});
export type AlertsConfig = Static<typeof AlertsConfig>;
