import type { AddressInfo } from 'node:net';

import { createKeys } from '@llm-monitor/contracts/redis';
import {
  apiTls,
  busTls,
  connectBus,
  followGeneration,
  readHealth,
  readReadiness,
  readServerTls,
  storeTls,
  version,
  type Check,
  type Logger,
  type StoreConnection,
} from '@llm-monitor/runtime';
import { connectStore } from '@llm-monitor/runtime/store';
import type { NatsConnection } from '@nats-io/transport-node';
import type { FastifyInstance } from 'fastify';
import type { Server } from 'socket.io';

import { createAccess, type Access } from './access.ts';
import type { ApiAddress } from './adapters/api-health.ts';
import { createFeedFollower } from './adapters/feed-follower.ts';
import { createFeedStore } from './adapters/feed-store.ts';
import { createFiguresReader } from './adapters/figures-reader.ts';
import { followProgress } from './adapters/progress-source.ts';
import { startWatchedSignal } from './adapters/watched-signal.ts';
import { createChecks } from './checks.ts';
import type { WebConfig } from './config.ts';
import { toBasePath } from './core/base-path.ts';
import { contentSecurityPolicy } from './core/content-security-policy.ts';
import { parseTrustProxy } from './core/trust-proxy.ts';
import { createServer } from './http/create-server.ts';
import { readDashboardPage, serveDashboard } from './http/dashboard.ts';
import { forwardToApi } from './http/forward.ts';
import { addGuard } from './http/guard.ts';
import { serveLogin } from './http/login.ts';
import { answerErrors } from './http/problem.ts';
import { createLiveServer } from './live/live-server.ts';
import { createLiveService } from './live/live-service.ts';
import { createSocketServer } from './live/socket-server.ts';

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
  const tls = readServerTls('', config);
  const api = { url: config.API_URL, ca: apiTls(config)?.ca };
  const basePath = toBasePath(config.BASE_PATH);
  const trustProxy = parseTrustProxy(config.TRUST_PROXY);
  const maxConnections = config.MAX_CONNECTIONS;
  const server = createServer({ log, basePath, trustProxy, tls, maxConnections });
  const redis = connectStore({ url: config.REDIS_URL, name: 'web', log, tls: storeTls(config) });
  const access = createAccess({ config, log, redis, trustProxy, basePath });
  const { io, visitorOf } = createSocketServer(server.server, access.sockets);
  io.on('connection', (socket) => {
    const sessionId = visitorOf(socket)?.sessionId;
    if (sessionId !== undefined) access.watch.add(socket, sessionId);
  });
  const live = startLive({ ...context, api }, io, redis);
  await addRoutes(server, { ...context, access, basePath, api, checks: live.checks });
  server.addHook('preClose', async () => {
    access.watch.stop();
    await live.close();
    await closeSockets(server, io);
  });
  await server.listen({ host: config.HOST, port: config.PORT });
  const { address, port } = server.server.address() as AddressInfo;
  const host = address.includes(':') ? `[${address}]` : address;
  const url = `http${tls ? 's' : ''}://${host}:${port}${basePath}`;
  log.info({ url }, 'the dashboard is served');
  return { url, close: () => server.close() };
}

async function addRoutes(
  server: FastifyInstance,
  options: AppContext & { access: Access; basePath: string; api: ApiAddress; checks: Check[] },
): Promise<void> {
  const { access, api, basePath, dashboardFolder } = options;
  answerErrors(server);
  const page = await readDashboardPage(dashboardFolder, {
    ...{ basePath, proxyAddress: options.config.PROXY_ADDRESS },
  });
  addGuard(server, {
    ...access,
    basePath,
    contentSecurityPolicy: contentSecurityPolicy(page ?? ''),
  });
  const open = { config: { access: 'open' } } as const;
  server.get('/health', open, () => readHealth('web'));
  server.get('/ready', open, async (_request, reply) => {
    const readiness = await readReadiness('web', options.checks);
    return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness);
  });
  await serveLogin(server, { ...access, basePath, onEnded: access.watch.ended });
  await forwardToApi(server, { api, tokens: access.tokens, basePath });
  await serveDashboard(server, { folder: dashboardFolder, page, basePath });
}

/** All that makes frames. */
function startLive(
  { config, log, uptimeSeconds, api }: AppContext & { api: ApiAddress },
  io: Server,
  redis: StoreConnection,
): { checks: Check[]; close(): Promise<void> } {
  const keys = createKeys({ shards: config.REDIS_SHARDS });
  const store = createFeedStore({ redis, keys });
  const follower = createFeedFollower({
    connect: () =>
      connectStore({
        ...{ url: config.REDIS_URL, tls: storeTls(config) },
        ...{ name: 'web-feed', log, blocking: true },
      }),
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
  // Its epoch is another one: every browser gets a snapshot of it, and shows what it had until then.
  const generation = followGeneration({ redis, keys, onChange: () => void service.verify() });
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
      busTrouble: bus.trouble,
      isFed: service.isFed,
      api,
    }),
    async close() {
      service.close();
      watched.stop();
      (await generation).stop();
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
}): {
  connection(): NatsConnection | undefined;
  trouble(): string | undefined;
  close(): Promise<void>;
} {
  const { config, log } = options;
  let connection: NatsConnection | undefined;
  let trouble: string | undefined;
  let isClosed = false;
  const onWaiting = (why: string) => (trouble = why);
  connectBus({ url: config.NATS_URL, name: 'web', log, tls: busTls(config), onWaiting }).then(
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
    trouble: () => trouble,
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
