import { PORTS } from '@llm-monitor/contracts/bus';
import { commonConfig, Port } from '@llm-monitor/runtime';
import { Type, type Static } from 'typebox';

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
});
export type AlertsConfig = Static<typeof AlertsConfig>;
