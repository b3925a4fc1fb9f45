import { commonConfig, Port } from '@llm-monitor/runtime';
import { Type, type Static } from '@llm-monitor/contracts/typebox';

/** What the API reads from its environment. */
export const ApiConfig = Type.Object({
  ...commonConfig,
  PORT: Port(8081),
  /** May calls be cancelled over the API? */
  CANCEL: Type.Enum(['on', 'off'], { default: 'on' }),
  /** More names under which this machine is asked for. */
  ALLOWED_HOSTS: Type.String({ default: '' }),
  /** Requests a second of one address and role; four times as many at once. 0 for no limit. */
  RATE_LIMIT: Type.Integer({ default: 500, minimum: 0 }),
  /** Most combinations of model and app with a name of their own in /metrics; the rest is `other`. */
  METRICS_COMBINATIONS: Type.Integer({ default: 100, minimum: 1, maximum: 1000 }),
  /** Certificate chain and key, PEM, or paths of files that hold them: then the port speaks HTTPS. */
  API_TLS_CERT: Type.String({ default: '' }),
  API_TLS_KEY: Type.String({ default: '' }),
  /** Where the web service asks from: addresses, networks, `loopback`, `uniquelocal`. Its word on who asks it holds. */
  WEB_ADDRESSES: Type.String({ default: 'loopback' }),
});
export type ApiConfig = Static<typeof ApiConfig>;
