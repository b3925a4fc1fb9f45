import { PORTS } from '@llm-monitor/contracts/bus';
import { busConfig, Port } from '@llm-monitor/runtime';
import { Type, type Static } from '@llm-monitor/contracts/typebox';

/** The environment of the connectors. Each connector runs when what it connects to is named. */
export const ConnectorsConfig = Type.Object({
  ...busConfig,
  PORT: Port(PORTS.connectors),
});
export type ConnectorsConfig = Static<typeof ConnectorsConfig>;
