import { connectionCredentials, parseBusUrl, type BusAddress } from '@llm-monitor/client/observe';
import type { NatsConnection } from '@nats-io/transport-node';

import { CliError } from '../cli-error.ts';
import { withoutCredentials } from '../stack/plan-stack.ts';
import type { FoundBus } from './find-bus.ts';

const RECONNECT_WAIT_MS = 500;
const CONNECT_TIMEOUT_MS = 5000;

/** One who listens, until he is told to stop. */
export interface BusListener {
  /** Resolves when it ended; rejects when the bus refuses what was asked for. */
  closed: Promise<void>;
  close(): Promise<void>;
}

/**
 * Hears what is published on these subjects from when it resolves, over any number of interruptions.
 * @throws {CliError} when the bus cannot be reached at first, or lets nobody in
 */
export async function listenToBus(
  { url, credentials }: FoundBus,
  options: {
    subjects: readonly string[];
    command: string;
    onMessage(subject: string, text: string): void;
    /** The line was lost, or is back. */
    onLine(isUp: boolean): void;
  },
): Promise<BusListener> {
  const addresses = addressesOf(url);
  const { connect } = await import('@nats-io/transport-node');
  const first = addresses[0];
  let nats: NatsConnection;
  try {
    nats = await connect({
      servers: addresses.map(
        ({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`,
      ),
      name: 'llm-monitor tail',
      timeout: CONNECT_TIMEOUT_MS,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_WAIT_MS,
      ...(first?.user && first.pass ? { user: first.user, pass: first.pass } : {}),
      ...(first?.token ? { token: first.token } : {}),
      ...(await connectionCredentials(
        credentials,
        addresses.some(({ tls }) => tls),
      )),
    });
  } catch (error) {
    throw notReached(url, options.command, error as Error);
  }
  void tellLine(nats, options.onLine);
  const closed = new Promise<void>((resolve, reject) => {
    for (const subject of options.subjects) hear(nats, subject, { ...options, onRefused: reject });
    void nats.closed().then(() => resolve());
  });
  // Nobody may wait for it any more.
  closed.catch(() => undefined);
  // From here on everything is heard.
  await nats.flush();
  return { closed, close: () => nats.close() };
}

function hear(
  nats: NatsConnection,
  subject: string,
  options: {
    onMessage(subject: string, text: string): void;
    onRefused(error: CliError): void;
  },
): void {
  nats.subscribe(subject, {
    callback(error, message) {
      if (error) {
        options.onRefused(
          new CliError(`NATS does not let you listen to ${subject}.`, {
            hint: `A user who may:  llm-monitor credentials add --reader <name>   (${error.message})`,
          }),
        );
        return;
      }
      options.onMessage(message.subject, message.string());
    },
  });
}

async function tellLine(nats: NatsConnection, onLine: (isUp: boolean) => void): Promise<void> {
  for await (const { type } of nats.status()) {
    if (type === 'disconnect') onLine(false);
    if (type === 'reconnect') onLine(true);
  }
}

function addressesOf(url: string): BusAddress[] {
  try {
    return parseBusUrl(url);
  } catch {
    throw new CliError(`"${withoutCredentials(url)}" is no address of a NATS.`, {
      hint: 'It must be such as nats://127.0.0.1:4222 (LLM_MONITOR_NATS_URL, NATS_URL).',
    });
  }
}

function notReached(url: string, command: string, cause: Error): CliError {
  const where = withoutCredentials(url);
  if (/authori[sz]ation|authentication/i.test(`${cause.name} ${cause.message}`)) {
    return new CliError(`NATS at ${where} lets nobody in without credentials.`, {
      hint: `Make some where the monitor runs:  ${command} credentials add --reader <name>\nthen set LLM_MONITOR_NATS_USER and LLM_MONITOR_NATS_PASSWORD here.`,
      cause,
    });
  }
  return new CliError(`No NATS can be reached at ${where}: ${cause.message}`, {
    hint: `See what runs:  ${command} status\nor name another: LLM_MONITOR_NATS_URL`,
    cause,
  });
}
