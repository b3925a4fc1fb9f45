import { inboxPrefix, type StreamDefinition } from '@llm-monitor/contracts/bus';
import {
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
} from '@nats-io/jetstream';
import {
  AuthorizationError,
  connect,
  type ConnectionOptions,
  type NatsConnection,
} from '@nats-io/transport-node';

import { parseBusUrl } from './bus-address.ts';
import type { Logger } from './logger.ts';
import type { TlsSettings } from './tls-settings.ts';

const PING_INTERVAL_MS = 10_000;
const RECONNECT_WAIT_MS = 500;
const STREAM_NAME_IN_USE = 10_058;
/** No suitable peers for the replicas: a node of the cluster is away. */
const NO_PEERS = 10_005;
const UNAVAILABLE = 503;
/** An election of a leader takes up to ten seconds. */
const ELECTION_PATIENCE_MS = 60_000;
const ELECTION_RETRY_MS = 1000;

/**
 * Connects to NATS and stays connected: waits for the server at the start and dials for ever after.
 * The URL may carry `user:password@` or a token; answers then arrive in that user's own inbox.
 * @param options.onWaiting is told why it has to wait for the server, if it has to
 */
export async function connectBus(options: {
  url: string;
  name: string;
  log: Logger;
  tls?: TlsSettings | undefined;
  onWaiting?(why: string): void;
}): Promise<NatsConnection> {
  const address = parseBusUrl(options.url);
  const settings: ConnectionOptions = {
    ...address,
    ...(options.tls ? { tls: options.tls } : {}),
    inboxPrefix: inboxPrefix(address.user ?? `llm-monitor-${options.name}`),
    name: `llm-monitor ${options.name}`,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    // A login that is refused twice may be accepted once the server has its users again.
    ignoreAuthErrorAbort: true,
    pingInterval: PING_INTERVAL_MS,
    // Two unanswered pings and the server counts as gone.
    maxPingOut: 2,
  };
  const connection = await connectPatiently(settings, options);
  void logStatus(connection, options.log);
  void endWith(connection);
  return connection;
}

/** The library does not say why it waits for a server: the first attempt does. */
async function connectPatiently(
  settings: ConnectionOptions,
  { log, onWaiting }: { log: Logger; onWaiting?(why: string): void },
): Promise<NatsConnection> {
  try {
    return await connect(settings);
  } catch (error) {
    const { message } = error as Error;
    log.warn(
      { err: message, servers: settings.servers },
      error instanceof AuthorizationError
        ? 'NATS does not let this service in; dialling until it does'
        : 'NATS cannot be reached; dialling until it is there',
    );
    onWaiting?.(message);
  }
  const connection = await connect({ ...settings, waitOnFirstConnect: true });
  log.info('connected to NATS');
  return connection;
}

/**
 * The library dials for ever, so a connection that it closes with an error is one that it cannot make again. A service would go
 * on without a bus; an error that nothing catches ends it instead, and whoever watches it starts it again.
 */
async function endWith(connection: NatsConnection): Promise<void> {
  const cause = await connection.closed();
  if (cause) throw new Error('the connection to NATS is closed for good', { cause });
}

/** Says once what goes on until the server is back: one that lets this service in no more is dialled twice a second, for ever. */
async function logStatus(connection: NatsConnection, log: Logger): Promise<void> {
  let isLost = false;
  let lastError = '';
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') {
      if (!isLost) log.warn('lost the connection to NATS; dialling until it is back');
      isLost = true;
    } else if (status.type === 'reconnect') {
      log.info('connected to NATS again');
      isLost = false;
      lastError = '';
    } else if (status.type === 'error') {
      const { message } = status.error;
      if (!isLost || message !== lastError)
        log.warn({ err: status.error }, 'NATS reported an error');
      lastError = message;
    }
  }
}

/**
 * Creates a stream, or brings an existing one to this definition. Several processes may do so at once.
 * @param replicas more than one need a cluster, which may be electing a leader just now: it is asked again for a minute
 */
export async function ensureStream(
  manager: JetStreamManager,
  definition: StreamDefinition,
  replicas: number,
): Promise<void> {
  const config = {
    ...definition,
    num_replicas: replicas,
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
  };
  const patienceEndsAt = performance.now() + (replicas > 1 ? ELECTION_PATIENCE_MS : 0);
  for (;;) {
    try {
      await addOrUpdate(manager, config);
      return;
    } catch (error) {
      if (!mayPass(error) || performance.now() >= patienceEndsAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, ELECTION_RETRY_MS));
    }
  }
}

async function addOrUpdate(
  manager: JetStreamManager,
  config: Parameters<JetStreamManager['streams']['add']>[0],
): Promise<void> {
  try {
    await manager.streams.add(config);
  } catch (error) {
    if (!(error instanceof JetStreamApiError && error.code === STREAM_NAME_IN_USE)) throw error;
    await manager.streams.update(config.name, config);
  }
}

/** Is it the state of a cluster that another node or a new leader ends? Else the answer stays the same. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof JetStreamApiError)) return true;
  return error.code === NO_PEERS || error.status === UNAVAILABLE;
}
