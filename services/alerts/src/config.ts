import { PORTS } from '@llm-monitor/contracts/bus';
import { commonConfig, Port } from '@llm-monitor/runtime';
import { Type, type Static } from 'typebox';

/** The environment of the alerts. Rules and channels are not in it: people set them while it runs. */
export const AlertsConfig = Type.Object({
  ...commonConfig,
  PORT: Port(PORTS.alerts),
});
export type AlertsConfig = Static<typeof AlertsConfig>;
