import type { AddressInfo } from 'node:net';

import {
  apiTls,
  followStoreClock,
  readHealth,
  readReadiness,
  readServerTls,
  storeTls,
  type Check,
  type Logger,
} from '@llm-monitor/runtime';
import { connectStore } from '@llm-monitor/runtime/store';
import type { FastifyInstance } from 'fastify';
import type { Server } from 'socket.io';

import { createAccess, type Access } from './access.ts';
import type { ApiAddress } from './adapters/api-health.ts';
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
import { createSocketServer } from './live/socket-server.ts';
import { startLive } from './live/start-live.ts';

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
  const clock = followStoreClock({ redis, log });
  const access = createAccess({ config, log, redis, trustProxy, basePath, now: clock.nowMs });
  const { io, visitorOf } = createSocketServer(server.server, access.sockets);
  io.on('connection', (socket) => {
    const sessionId = visitorOf(socket)?.sessionId;
    if (sessionId !== undefined) access.watch.add(socket, sessionId);
  });
  const live = startLive({ ...context, api, clock }, io, redis);
  await addRoutes(server, { ...context, access, basePath, api, checks: live.checks });
  server.addHook('preClose', async () => {
    access.watch.stop();
    clock.stop();
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

/** An event stream that is being forwarded would hold the server open for ever. */
async function closeSockets(server: FastifyInstance, io: Server): Promise<void> {
  const patience = setTimeout(() => server.server.closeAllConnections(), CLOSE_PATIENCE_MS);
  await io.close();
  clearTimeout(patience);
}
