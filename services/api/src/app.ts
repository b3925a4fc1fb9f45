import type { Server as HttpServer } from 'node:http';

import { createKeptSlicesCache, type Store } from '@llm-monitor/read-model';
import {
  answerClientError,
  createRateLimiter,
  type AccessTokens,
  type Check,
  type Logger,
  type RateLimiter,
  type ServerTls,
} from '@llm-monitor/runtime';
import { fastify, LogController, type FastifyInstance, type FastifyServerOptions } from 'fastify';

import type { Bus } from './adapters/bus.ts';
import { createCancelAsker } from './adapters/cancel-asker.ts';
import type { DemoPlayer } from './adapters/demo-player.ts';
import { createStoreGuard, isStoreAway, type StoreGuard } from './adapters/store-guard.ts';
import { createChecks } from './checks.ts';
import { createAccess } from './plugins/access.ts';
import { createGates } from './plugins/gates.ts';
import { installHealth } from './plugins/health.ts';
import { installJson } from './plugins/json.ts';
import { installLogging } from './plugins/logging.ts';
import { installMethods } from './plugins/methods.ts';
import { installOpenapi } from './plugins/openapi.ts';
import { installProblems, sendProblem } from './plugins/problems.ts';
import { installQuickWay } from './plugins/quick-way.ts';
import { installValidation } from './plugins/validation.ts';
import { ProblemError } from './problem.ts';
import { apiRoutes } from './routes/api-routes.ts';
import type { EventStreamLimits } from './routes/events.ts';

export { startBus, type Bus } from './adapters/bus.ts';
export { createDemoPlayer } from './adapters/demo-player.ts';

const BODY_LIMIT_BYTES = 64 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
/** Who sends slowly, to hold connections open, loses them. */
const PATIENCE = {
  headersTimeout: 10_000,
  connectionsCheckingInterval: 2000,
  maxHeaderSize: 16 * 1024,
};
const HANDSHAKE_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 10_000;

/** What the API is made of. */
export interface AppParts {
  store: Store;
  bus: Bus;
  /** May calls be cancelled? */
  isCancelOn: boolean;
  demo: DemoPlayer;
  log: Logger;
  version: string;
  /** The machine that this service runs on. */
  hostName: string;
  allowedHosts: readonly string[];
  /** Empty ones: who reaches the port may ask. */
  tokens: AccessTokens;
  /** How many requests a second of one address and role are answered; 0 or none: any number. */
  rateLimit?: number;
  /** Addresses of the web service, whose `X-Forwarded-For` says who asks. */
  webAddresses?: string;
  /** Certificate and key: then the port speaks HTTPS. */
  tls?: ServerTls | undefined;
  /** How long an export waits for somebody to take more of it, ms; default: a minute. */
  exportIdleMs?: number;
  /** Bounds of streams of events; those of the product by default. */
  eventStreams?: EventStreamLimits;
  /** Most combinations of model and app with a name of their own in `/metrics`; default: 100. */
  maxCombinations?: number;
  /** Whether answers that are ready go past Fastify; default: true. They are the same either way. */
  hasQuickWay?: boolean;
  /** ms since 1970 */
  now(): number;
  /** How that compares with the clock of this machine. */
  clockCheck?: Check | undefined;
  /** A monotonic clock, ms. */
  elapsedMs(): number;
}

function settings(parts: AppParts) {
  return {
    // Only a request that fails by a fault of ours gets a name.
    genReqId: () => '',
    // Were it on, answers that go past Fastify would have no lines.
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true as const,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: parts.webAddresses || false,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, _request, reply) => {
      sendProblem(reply, new ProblemError(error.statusCode ?? 400, 'Bad request', error.message));
    },
  } satisfies FastifyServerOptions<HttpServer>;
}

/** The API, ready to listen. The connections of store and bus are the caller's, and stay open. */
export async function createApp(parts: AppParts): Promise<FastifyInstance> {
  const { store } = parts;
  const guard = createStoreGuard(store);
  const https = { ...parts.tls, ...PATIENCE, handshakeTimeout: HANDSHAKE_TIMEOUT_MS };
  // Nothing that is added to it minds which of the two it is.
  const app = fastify({
    ...settings(parts),
    ...(parts.tls ? { https } : { http: PATIENCE }),
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  const gates = createGates(app);
  if (parts.hasQuickWay ?? true) installQuickWay(app, gates);
  // Answers are made to their schemas, which describe them; writing them by schema again costs a quarter of the throughput.
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  installLogging(app, gates, parts.log);
  installJson(app);
  installValidation(app);
  installProblems(app, { isStoreAway: (error) => isStoreAway(store.redis.status, error) });
  gates.install(app, createAccess({ ...parts, limiter: createLimiter(parts) }));
  const refuseOtherMethods = installMethods(app);
  await installOpenapi(app, parts.version);
  installHealth(app, createChecks({ ...parts, guard }));
  await app.register(apiRoutes, {
    ...parts,
    guard,
    gates,
    cancelling: { isOn: parts.isCancelOn, ask: createCancelAsker(parts.bus) },
    startedAtMs: parts.now(),
    cache: createKeptSlicesCache(),
  });
  await app.register(refuseOtherMethods);
  keepGuarding(app, store, guard);
  await app.ready();
  return app;
}

/** So many times the sustained rate may come at once. */
const BURST_SECONDS = 4;

function createLimiter({ rateLimit = 0, elapsedMs }: AppParts): RateLimiter | undefined {
  if (rateLimit === 0) return undefined;
  const burst = rateLimit * BURST_SECONDS;
  return createRateLimiter({ perSecond: rateLimit, burst, now: elapsedMs });
}

/** A store that comes back may be another one. */
function keepGuarding(app: FastifyInstance, store: Store, guard: StoreGuard): void {
  const refresh = () => {
    guard.refresh().catch((err: Error) => {
      app.log.warn({ err }, 'Redis did not say how it was written');
    });
  };
  if (store.redis.status === 'ready') refresh();
  store.redis.on('ready', refresh);
  app.addHook('onClose', () => {
    store.redis.off('ready', refresh);
  });
}
