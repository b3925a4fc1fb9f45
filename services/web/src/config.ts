import { PORTS } from '@llm-monitor/contracts/bus';
import { commonConfig, Port } from '@llm-monitor/runtime';
import { Type, type Static } from '@llm-monitor/contracts/typebox';

/** What the web service reads from its environment. */
export const WebConfig = Type.Object({
  ...commonConfig,
  PORT: Port(PORTS.web),
  /** Where the REST API is; its paths are served here too, so that people know one address. */
  API_URL: Type.String({
    default: `http://127.0.0.1:${PORTS.api}`,
    pattern: '^https?://',
    description: 'an address such as http://127.0.0.1:8081',
  }),
  /** Who signed the API's certificate, PEM or the path of a file, where API_URL is https and Node does not know it. */
  API_CA: Type.String({ default: '' }),
  /** More names under which this machine is asked for. */
  ALLOWED_HOSTS: Type.String({ default: '' }),
  /** Below which a reverse proxy serves the monitor: `/llm-monitor`. Empty for the root. */
  BASE_PATH: Type.String({
    default: '',
    pattern: String.raw`^(/(?!\.{1,2}(/|$))[\w.~-]+)*/?$`,
    description: 'a path such as /llm-monitor',
  }),
  /** Where programs reach the proxy of the agent, for the dashboard's examples. */
  PROXY_ADDRESS: Type.String({
    default: `127.0.0.1:${PORTS.agentProxy}`,
    pattern: String.raw`^[\w.:[\]-]+$`,
    description: 'host:port',
  }),
  /** Addresses of reverse proxies whose `X-Forwarded-…` headers hold, or how many of them there are; empty for none. */
  TRUST_PROXY: Type.String({ default: '' }),
  /** Certificate chain and key, PEM, or paths of files that hold them: then the port speaks HTTPS. */
  TLS_CERT: Type.String({ default: '' }),
  TLS_KEY: Type.String({ default: '' }),
  /** How long a login lasts that nobody uses. */
  SESSION_HOURS: Type.Integer({ default: 24, minimum: 1, maximum: 720 }),
  /** Open dashboards at most, in all and from one address; further ones are refused. */
  MAX_SOCKETS: Type.Integer({ default: 5000, minimum: 1 }),
  MAX_SOCKETS_PER_ADDRESS: Type.Integer({ default: 1000, minimum: 1 }),
  /** Open connections at most, of any kind. */
  MAX_CONNECTIONS: Type.Integer({ default: 10_000, minimum: 1 }),
  /** Requests a second of one address and role; four times as many at once. 0 for no limit. */
  RATE_LIMIT: Type.Integer({ default: 500, minimum: 0 }),
});
export type WebConfig = Static<typeof WebConfig>;
