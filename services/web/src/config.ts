import { PORTS } from '@llm-monitor/contracts/bus';
import { commonConfig, DEFAULT_ALLOWED_HOSTS, Port } from '@llm-monitor/runtime';
import { Type, type Static } from 'typebox';

/** What the web service reads from its environment. */
export const WebConfig = Type.Object({
  ...commonConfig,
  PORT: Port(PORTS.web),
  /** Where the REST API is; its paths are served here too, so that people know one address. */
  API_URL: Type.String({ default: `http://127.0.0.1:${PORTS.api}`, pattern: '^https?://' }),
  ALLOWED_HOSTS: Type.String({ default: DEFAULT_ALLOWED_HOSTS, minLength: 1 }),
  /** Open dashboards at most; further ones are refused. */
  MAX_SOCKETS: Type.Integer({ default: 5000, minimum: 1 }),
});
export type WebConfig = Static<typeof WebConfig>;
