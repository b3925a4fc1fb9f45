import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { connect, type NatsConnection } from '@nats-io/transport-node';

import type { Cli } from './run-cli.ts';
import { waitFor } from './wait-for.ts';

/** Somebody on the bus, and what the server refused to let them do. */
export interface BusUser {
  connection: NatsConnection;
  /** Publishes, and says whether the server refused it. */
  mayPublish(subject: string, payload?: string): Promise<boolean>;
  maySubscribe(subject: string): Promise<boolean>;
}

/** Credentials as `credentials add` prints them. */
export interface Credentials {
  url: string;
  user: string;
  password: string;
  ca?: string;
}

export async function connectAs(credentials: Credentials): Promise<BusUser> {
  const { url, user, password, ca } = credentials;
  const connection = await connect({
    servers: url.replace(/^\w+:\/\//, ''),
    ...{ user, pass: password, inboxPrefix: `_INBOX_${user}`, reconnect: false },
    ...(ca ? { tls: { ca } } : {}),
  });
  const refused: string[] = [];
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'error') refused.push(status.error.message);
    }
  })();
  const isRefused = async (subject: string) => {
    // The server refuses before it answers this.
    await connection.flush();
    // It is told of in turns of its own.
    await new Promise((resolve) => setImmediate(resolve));
    return refused.some((message) => message.includes(`"${subject}"`));
  };
  return {
    connection,
    async mayPublish(subject, payload = '{}') {
      connection.publish(subject, payload);
      return !(await isRefused(subject));
    },
    async maySubscribe(subject) {
      let refusal: Error | undefined;
      const subscription = connection.subscribe(subject, {
        callback: (error) => {
          if (error) refusal = error;
        },
      });
      await connection.flush();
      const may = refusal === undefined && !(await isRefused(subject));
      subscription.unsubscribe();
      return may;
    },
  };
}

/** Runs `credentials add` and reads what it says. */
export async function addApp(cli: Cli, name: string): Promise<Credentials> {
  const { code, output } = await cli.run('credentials', 'add', name);
  if (code !== 0) throw new Error(output);
  const value = (key: string) =>
    new RegExp(`^LLM_MONITOR_NATS_${key}=(.*)$`, 'm').exec(output)?.[1];
  const caFile = value('CA');
  return {
    ...{ url: value('URL') ?? '', user: value('USER') ?? '', password: value('PASSWORD') ?? '' },
    ...(caFile ? { ca: await readFile(caFile, 'utf8') } : {}),
  };
}

/** The user of one of the stack's own parts. */
export async function stackUser(cli: Cli, role: string, url: string): Promise<Credentials> {
  const text = await readFile(join(cli.home, 'bus', 'secrets.json'), 'utf8');
  const password = (JSON.parse(text) as Record<string, string>)[role];
  if (!password) throw new Error(`${role} has no password`);
  return { url, user: `llm-monitor-${role}`, password };
}

/** The join token that `credentials add --agent` prints, and what it says. */
export async function addAgent(
  cli: Cli,
  host: string,
  ...options: string[]
): Promise<{ token: string; credentials: Credentials }> {
  const { code, output } = await cli.run('credentials', 'add', '--agent', host, ...options);
  const token = /--join (\S+)/.exec(output)?.[1];
  if (code !== 0 || !token) throw new Error(output);
  const text = Buffer.from(token, 'base64url').toString('utf8');
  return { token, credentials: JSON.parse(text) as Credentials };
}

/** Resolves once a new user is known to the server, which reads its users a moment after it was told to. */
export async function connectOnceKnown(credentials: Credentials): Promise<BusUser> {
  return await waitFor(`${credentials.user} to be let in`, () => connectAs(credentials));
}
