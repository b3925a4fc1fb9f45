import type { AddressInfo } from 'node:net';

import { createKeys } from '@llm-monitor/contracts/redis';
import {
  connectBus,
  connectStore,
  parseAllowedHosts,
  readHealth,
  readReadiness,
  version,
  type Check,
  type Logger,
} from '@llm-monitor/runtime';
import type { NatsConnection } from '@nats-io/transport-node';
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Server } from 'socket.io';

import { createFeedFollower } from './adapters/feed-follower.ts';
import { createFeedStore } from './adapters/feed-store.ts';
import { createFiguresReader } from './adapters/figures-reader.ts';
import { followProgress } from './adapters/progress-source.ts';
import { startWatchedSignal } from './adapters/watched-signal.ts';
import { createChecks } from './checks.ts';
import type { WebConfig } from './config.ts';
import { contentSecurityPolicy } from './core/content-security-policy.ts';
import type { AdmissionRules } from './http/admission.ts';
import { readDashboardPage, serveDashboard } from './http/dashboard.ts';
import { forwardToApi } from './http/forward.ts';
import { addGuard } from './http/guard.ts';
import { answerErrors, sendProblem } from './http/problem.ts';
import { createLiveServer } from './live/live-server.ts';
import { createLiveService } from './live/live-service.ts';
import { createSocketServer } from './live/socket-server.ts';

const BODY_LIMIT_BYTES = 64 * 1024;
/** Answers under way may end; then their connections are cut. */
const CLOSE_PATIENCE_MS = 1000;

/** A running web service. */
export interface App {
  url: string;
  close(): Promise<void>;
}

interface AppContext {
  config: WebConfig;
  log: Logger;
  /** The built dashboard. */
  dashboardFolder: string;
  uptimeSeconds(): number;
}

/** Starts the service. It needs neither Redis nor NATS nor the API to be there yet. */
export async function createApp(context: AppContext): Promise<App> {
  const { config, log } = context;
  const rules: AdmissionRules = {
    allowedHosts: parseAllowedHosts(config.ALLOWED_HOSTS),
    token: config.LLM_MONITOR_TOKEN,
  };
  const loggerInstance: FastifyBaseLogger = log;
  const server = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    frameworkErrors: (error, _request, reply) => {
      const status = error.statusCode ?? 400;
      sendProblem(reply, { status, title: error.message, detail: 'Change the request.' });
    },
  });
  const io = createSocketServer(server.server, { rules, maxSockets: config.MAX_SOCKETS });
  const live = startLive(context, io);
  await addRoutes(server, { ...context, rules, checks: live.checks });
  server.addHook('preClose', async () => {
    await live.close();
    await closeSockets(server, io);
  });
  await server.listen({ host: config.HOST, port: config.PORT });
  const { address, port } = server.server.address() as AddressInfo;
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  log.info({ url }, 'the dashboard is served');
  return { url, close: () => server.close() };
}

async function addRoutes(
  server: FastifyInstance,
  options: AppContext & { rules: AdmissionRules; checks: Check[] },
): Promise<void> {
  answerErrors(server);
  const page = await readDashboardPage(options.dashboardFolder);
  addGuard(server, { ...options.rules, contentSecurityPolicy: contentSecurityPolicy(page ?? '') });
  server.get('/health', () => readHealth('web'));
  server.get('/ready', async (_request, reply) => {
    const readiness = await readReadiness('web', options.checks);
    return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness);
  });
  await forwardToApi(server, options.config.API_URL);
  await serveDashboard(server, { folder: options.dashboardFolder, page });
}

/** All that makes frames. */
function startLive(
  { config, log, uptimeSeconds }: AppContext,
  io: Server,
): { checks: Check[]; close(): Promise<void> } {
  const keys = createKeys({ shards: config.REDIS_SHARDS });
  const redis = connectStore({ url: config.REDIS_URL, name: 'web', log });
  const store = createFeedStore({ redis, keys });
  const follower = createFeedFollower({
    connect: () => connectStore({ url: config.REDIS_URL, name: 'web-feed', log, blocking: true }),
    keys,
    log,
    onEntries: (entries) => service.feed.addEntries(entries),
    onDoubt: (position) => void service.verify(position),
  });
  const service = createLiveService({
    store,
    figures: createFiguresReader({
      store: { redis, keys },
      version: version(),
      uptimeSeconds,
      now: Date.now,
    }),
    live: createLiveServer(io),
    follower,
    log,
  });
  redis.on('ready', () => void service.verify());
  const bus = startProgress({ config, log, onProgress: service.addProgress });
  const watched = startWatchedSignal({
    connection: bus.connection,
    isWatched: () => io.sockets.sockets.size > 0,
  });
  io.on('connection', watched.arrived);
  return {
    checks: createChecks({
      redis,
      bus: bus.connection,
      isFed: service.isFed,
      apiUrl: config.API_URL,
    }),
    async close() {
      service.close();
      watched.stop();
      await Promise.all([follower.close(), bus.close()]);
      redis.disconnect();
    },
  };
}

/** Listens to progress as soon as NATS is there, and for ever after. */
function startProgress(options: {
  config: WebConfig;
  log: Logger;
  onProgress: Parameters<typeof followProgress>[1];
}): { connection(): NatsConnection | undefined; close(): Promise<void> } {
  const { config, log } = options;
  let connection: NatsConnection | undefined;
  let isClosed = false;
  connectBus({ url: config.NATS_URL, name: 'web', log }).then(
    async (connected) => {
      if (isClosed) return connected.close();
      connection = connected;
      followProgress(connected, options.onProgress);
      return undefined;
    },
    (error: unknown) =>
      log.error({ err: error }, 'NATS refuses this service: no progress is shown'),
  );
  return {
    connection: () => connection,
    async close() {
      isClosed = true;
      await connection?.close();
    },
  };
}

/** An event stream that is being forwarded would hold the server open for ever. */
async function closeSockets(server: FastifyInstance, io: Server): Promise<void> {
  const patience = setTimeout(() => server.server.closeAllConnections(), CLOSE_PATIENCE_MS);
  await io.close();
  clearTimeout(patience);
}
