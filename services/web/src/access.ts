import type { IncomingMessage } from 'node:http';

import proxyAddr from '@fastify/proxy-addr';
import {
  announceAccess,
  createRateLimiter,
  networkOf,
  parseAllowedHosts,
  readAccessTokens,
  type AccessTokens,
  type Logger,
  type RateLimiter,
  type StoreConnection,
} from '@llm-monitor/runtime';

import { createSessionStore, type SessionStore } from './adapters/session-store.ts';
import type { WebConfig } from './config.ts';
import { createLoginThrottle, type LoginThrottle } from './core/login-throttle.ts';
import type { TrustProxy } from './core/trust-proxy.ts';
import { createAdmission, type Admission } from './http/admission.ts';
import { createSessionWatch, type SessionWatch } from './live/session-watch.ts';
import type { SocketServerOptions } from './live/socket-server.ts';

const HOUR_MS = 3_600_000;
/** So many times the sustained rate may come at once. */
const BURST_SECONDS = 4;

/** All that decides who may come in, shared by pages, forwarded calls and websockets. */
export interface Access {
  tokens: AccessTokens;
  sessions: SessionStore;
  admission: Admission;
  throttle: LoginThrottle;
  limiter: RateLimiter;
  watch: SessionWatch;
  sockets: SocketServerOptions;
}

export function createAccess(options: {
  config: WebConfig;
  log: Logger;
  redis: StoreConnection;
  now(): number;
  trustProxy: TrustProxy | undefined;
  basePath: string;
}): Access {
  const { config, redis, basePath } = options;
  const tokens = readAccessTokens(config);
  announceAccess(tokens, options.log);
  const lifeMs = config.SESSION_HOURS * HOUR_MS;
  const sessions = createSessionStore({ redis, tokens, lifeMs, now: options.now });
  const allowedHosts = parseAllowedHosts(config.ALLOWED_HOSTS);
  const admission = createAdmission({ allowedHosts, tokens, sessions });
  const limiter = createRateLimiter({
    perSecond: config.RATE_LIMIT,
    burst: config.RATE_LIMIT * BURST_SECONDS,
    now: () => performance.now(),
  });
  return {
    ...{ tokens, sessions, admission, limiter },
    throttle: createLoginThrottle(Date.now),
    watch: createSessionWatch(sessions),
    sockets: {
      ...{ admission, limiter, basePath },
      addressOf: addressReader(options.trustProxy),
      maxSockets: config.MAX_SOCKETS,
      maxSocketsPerAddress: config.MAX_SOCKETS_PER_ADDRESS,
    },
  };
}

/** As Fastify finds the address behind trusted proxies, for what does not come through it. */
function addressReader(trusts: TrustProxy = () => false): (request: IncomingMessage) => string {
  return (request) => networkOf(proxyAddr(request, trusts) ?? '');
}
