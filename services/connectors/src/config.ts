import { PORTS } from '@llm-monitor/contracts/bus';
import { commonConfig, Port } from '@llm-monitor/runtime';
import { Type, type Static } from 'typebox';

const { NATS_URL, NATS_CA, NATS_CERT, NATS_KEY } = commonConfig;
const { HOST, LOG_LEVEL, LLM_MONITOR_TOKEN, LLM_MONITOR_IN_CONTAINER } = commonConfig;

/** The environment of the connectors. Each connector runs when what it connects to is named. */
export const ConnectorsConfig = Type.Object({
  NATS_URL,
  NATS_CA,
  NATS_CERT,
  NATS_KEY,
  HOST,
  LOG_LEVEL,
  LLM_MONITOR_TOKEN,
  LLM_MONITOR_IN_CONTAINER,
  PORT: Port(PORTS.connectors),
});
export type ConnectorsConfig = Static<typeof ConnectorsConfig>;
