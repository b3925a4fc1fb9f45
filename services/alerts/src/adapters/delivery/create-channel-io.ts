import { connect as connectSocket, type Socket } from 'node:net';

import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Dispatcher, request } from 'undici';

import type { ChannelIo, HttpAnswer } from '../../channels/define-channel.ts';
import { SendError } from '../../core/delivery/send-error.ts';
import { toNetworkError } from './network-error.ts';
import { assertReachable, carefulLookup } from './refused-addresses.ts';

const CONNECT_TIMEOUT_MS = 8000;
/** Of an answer nobody needs more. */
const MAX_ANSWER_BYTES = 4096;

/** The ways out of here, each within `timeoutMs` of what it is asked for. */
export interface ChannelWays {
  /** For one message. */
  io(signal: AbortSignal): ChannelIo;
  close(): Promise<void>;
}

export function createChannelWays(options: {
  bus: NatsConnection;
  version: string;
  now(): number;
}): ChannelWays {
  const { bus, version, now } = options;
  let http: Promise<HttpClient> | undefined;
  return {
    io: (signal) => ({
      signal,
      now,
      post: async (asked) => post(await (http ??= openHttp()), signal, { ...asked, version }),
      connect: (host, port) => connect(host, port, signal),
      publish: (subject, event) => publish(bus, subject, event),
    }),
    close: async () => (await http)?.agent.destroy(),
  };
}

interface HttpClient {
  agent: Dispatcher;
  request: typeof request;
}

/** Loaded when the first message goes out: where nobody is told by HTTP, nothing of it is held. */
async function openHttp(): Promise<HttpClient> {
  const { Agent, request } = await import('undici');
  const agent = new Agent({
    connect: { lookup: carefulLookup, timeout: CONNECT_TIMEOUT_MS },
    // Messages are minutes apart: who keeps a connection finds it closed.
    ...{ pipelining: 0, keepAliveTimeout: 1, maxRedirections: 0 },
  });
  return { agent, request };
}

async function post(
  { agent, request }: HttpClient,
  signal: AbortSignal,
  asked: {
    url: string;
    headers?: Readonly<Record<string, string>>;
    body: string;
    version: string;
  },
): Promise<HttpAnswer> {
  const { hostname, host } = new URL(asked.url);
  assertReachable(hostname);
  try {
    const { statusCode, headers, body } = await request(asked.url, {
      ...{ dispatcher: agent, method: 'POST', signal, body: asked.body },
      headers: {
        'content-type': 'application/json',
        'user-agent': `llm-monitor/${asked.version}`,
        ...asked.headers,
      },
    });
    return { status: statusCode, headers: oneOfEach(headers), body: await beginningOf(body) };
  } catch (error) {
    throw toNetworkError(error, host, signal);
  }
}

async function beginningOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8', 0, MAX_ANSWER_BYTES);
}

function oneOfEach(
  headers: Record<string, string | string[] | undefined>,
): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}

function connect(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  assertReachable(host);
  return new Promise((resolve, reject) => {
    const socket = connectSocket({ host, port, lookup: carefulLookup });
    const fail = (error: unknown) => {
      socket.destroy();
      reject(toNetworkError(error, `${host}:${port}`, signal));
    };
    const stop = () => fail(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    socket.once('error', fail);
    socket.setTimeout(CONNECT_TIMEOUT_MS, () =>
      fail(Object.assign(new Error(), { code: 'ETIMEDOUT' })),
    );
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners('timeout');
      // Whoever takes it over listens too; a break in between must not end the process.
      socket.on('error', () => undefined);
      socket.off('error', fail);
      signal.removeEventListener('abort', stop);
      resolve(socket);
    });
  });
}

async function publish(
  bus: NatsConnection,
  subject: string,
  event: { id: string },
): Promise<string> {
  try {
    const ack = await jetstream(bus).publish(subject, JSON.stringify(event), { msgID: event.id });
    return `${subject}: stored in ${ack.stream} as ${ack.seq}`;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SendError(`NATS did not store it at ${subject}: ${reason}`, { cause });
  }
}
