import type { Socket } from 'node:net';

import type { NatsConnection } from '@nats-io/transport-node';

import type { BusAddress } from './bus-address.ts';
import { connectionCredentials, type BusCredentials } from './bus-credentials.ts';

/** What is published: `reply` asks for an acknowledgement, `headers` are text. */
export interface BusMessage {
  subject: string;
  payload: string;
  headers?: Record<string, string>;
  /** Answered on the reply inbox, with this token. */
  replyToken?: string;
}

/** An answer to a published message. `stored` is false when the bus could not keep it. */
export interface BusReply {
  token: string;
  stored: boolean;
}

/** What others may ask of this program. The answer goes back as JSON. */
export interface BusCommand {
  subject: string;
  answer(payload: string): unknown;
}

/** One connection to the bus, until it closes. It does not keep the process alive. */
export interface BusConnection {
  publish(message: BusMessage): void;
  /** Bytes that the socket has not taken over yet. */
  readonly backlogBytes: number;
  /** Hands what was published to the operating system now, synchronously as far as that goes. */
  push(): void;
  /** Resolves when the server has answered everything sent so far; rejects when the connection is lost. */
  roundTrip(): Promise<void>;
  /** Ends it at once. */
  destroy(): void;
  closed: Promise<void>;
}

/** Further than any timer should fire: the library's own pings would keep the process alive. */
const NEVER_MS = 2 ** 31 - 1;

/**
 * Connects once, without the reconnecting of the library: that holds the process and, while it dials, resets what was published.
 * @throws when the server refuses or does not answer in time
 */
export async function openBusConnection(
  address: BusAddress,
  options: {
    name: string;
    inboxPrefix: string;
    credentials: BusCredentials;
    command: BusCommand | undefined;
    timeoutMs: number;
    onReply(reply: BusReply): void;
  },
): Promise<BusConnection> {
  const { connect, createInbox, headers } = await import('@nats-io/transport-node');
  const { host, port, tls, ...inUrl } = address;
  const credentials = await connectionCredentials(options.credentials, tls);
  const nats = await connect({
    ...inUrl,
    ...credentials,
    servers: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
    name: options.name,
    inboxPrefix: options.inboxPrefix,
    timeout: options.timeoutMs,
    reconnect: false,
    ignoreClusterUpdates: true,
    pingInterval: NEVER_MS,
  });
  const { socket, heartbeats } = internals(nats);
  heartbeats?.cancel();
  socket?.unref();
  const inbox = createInbox(options.inboxPrefix);
  nats.subscribe(`${inbox}.*`, {
    callback: (error, message) => {
      if (error) return;
      const token = message.subject.slice(inbox.length + 1);
      options.onReply({
        token,
        stored: message.headers?.code !== 503 && isStored(message.string()),
      });
    },
  });
  if (options.command) listen(nats, options.command);
  return {
    closed: nats.closed().then(() => undefined),
    publish({ subject, payload, headers: fields, replyToken }) {
      const head = headers();
      for (const [name, value] of Object.entries(fields ?? {})) head.set(name, value);
      nats.publish(subject, payload, {
        ...(fields ? { headers: head } : {}),
        ...(replyToken === undefined ? {} : { reply: `${inbox}.${replyToken}` }),
      });
    },
    get backlogBytes() {
      return socket?.writableLength ?? 0;
    },
    push: () => void nats.flush().catch(() => undefined),
    roundTrip: () => nats.flush(),
    destroy() {
      socket?.destroy();
      void nats.close().catch(() => undefined);
    },
  };
}

/** A bus that does not let this program subscribe takes its events all the same. */
function listen(nats: NatsConnection, command: BusCommand): void {
  nats.subscribe(command.subject, {
    callback: (error, message) => {
      if (!error) message.respond(JSON.stringify(command.answer(message.string())));
    },
  });
}

/** The library has no public way to its socket and timer, which must not keep a monitored program alive. */
function internals(nats: NatsConnection): { socket?: Socket; heartbeats?: { cancel(): void } } {
  const { protocol } = nats as unknown as {
    protocol?: { transport?: { socket?: Socket }; heartbeats?: { cancel(): void } };
  };
  const socket = protocol?.transport?.socket;
  const heartbeats = protocol?.heartbeats;
  return { ...(socket ? { socket } : {}), ...(heartbeats ? { heartbeats } : {}) };
}

/** A publish acknowledgement of JetStream names the stream that has it. */
function isStored(answer: string): boolean {
  try {
    return typeof (JSON.parse(answer) as { stream?: unknown }).stream === 'string';
  } catch {
    return false;
  }
}
