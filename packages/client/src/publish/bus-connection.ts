import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/transport-node';

import type { BusAddress } from './bus-address.ts';
import { connectionCredentials, type BusCredentials } from './bus-credentials.ts';
import { Head, internals, tokenOf } from './bus-internals.ts';
import { OutgoingBytes } from './outgoing-bytes.ts';

/** What is published. Headers are text, of which nothing is checked. */
export interface BusMessage {
  subject: string;
  payload: string | Uint8Array;
  headers: Record<string, string>;
}

/** An answer to a published message. `stored` is false when the bus could not keep it. */
export interface BusReply {
  token: number;
  stored: boolean;
}

/** What others may ask of this program. The answer goes back as JSON. */
export interface BusCommand {
  subject: string;
  answer(payload: string): unknown;
}

/** One connection to the bus, until it closes. It does not keep the process alive. */
export interface BusConnection {
  /** With a token, an answer is asked for, which will carry it. */
  publish(message: BusMessage, replyToken?: number): void;
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

/** How an acknowledgement begins; a refusal names its error first. */
const YES = new TextEncoder().encode('{"stream":"');

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
  const { connect, createInbox } = await import('@nats-io/transport-node');
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
  const { socket, heartbeats, sendBytes } = internals(nats);
  heartbeats?.cancel();
  socket?.unref();
  const inbox = createInbox(options.inboxPrefix);
  nats.subscribe(`${inbox}.*`, {
    callback: (error, message) => {
      if (error) return;
      const token = tokenOf(message);
      options.onReply({ token, stored: message.headers?.code !== 503 && isStored(message) });
    },
  });
  if (options.command) listen(nats, options.command);
  const outgoing = sendBytes && new OutgoingBytes(sendBytes);
  const flush = () => {
    outgoing?.flush();
    return nats.flush();
  };
  return {
    closed: nats.closed().then(() => undefined),
    publish({ subject, payload, headers }, replyToken) {
      const reply = replyToken === undefined ? '' : `${inbox}.${replyToken}`;
      const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
      // What the connection does not take, or may not, is the library's to refuse.
      const most = nats.isClosed() ? 0 : (nats.info?.max_payload ?? 0);
      if (outgoing?.add({ subject, headers }, reply, bytes, most)) return;
      nats.publish(subject, bytes, { headers: new Head(headers) as unknown as MsgHdrs, reply });
    },
    get backlogBytes() {
      return socket?.writableLength ?? 0;
    },
    push: () => void flush().catch(() => undefined),
    roundTrip: flush,
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

/** A publish acknowledgement of JetStream names the stream that has it; one that names an error besides is none. */
function isStored(message: Msg): boolean {
  const { data } = message;
  let same = 0;
  while (same < YES.length && data[same] === YES[same]) same += 1;
  if (same === YES.length) return true;
  try {
    const { stream, error } = JSON.parse(message.string()) as Record<string, unknown>;
    return typeof stream === 'string' && error === undefined;
  } catch {
    return false;
  }
}
