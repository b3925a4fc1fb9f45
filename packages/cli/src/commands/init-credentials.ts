import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { STORE_ROLES } from '@llm-monitor/contracts/redis';

import { readBusListening } from '../bus/bus-listening.ts';
import { prepareUsers, stackUserName, type StackUser } from '../bus/bus-users.ts';
import { hostNameOf } from '../bus/embedded-bus.ts';
import { writeBusState } from '../bus/bus-state.ts';
import { lockUsers } from '../bus/lock-users.ts';
import { prepareStoreUsers, type StoreSecrets } from '../bus/store-users.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { writePrivate } from '../home/write-private.ts';
import { SERVICES } from '../stack/service-names.ts';

const ADDRESS = /^[\w.:[\]-]+:(\d{1,5})$/;

/**
 * `credentials init`: for a NATS and a Redis that run on their own, as in containers. What is there already stays, so that it may
 * run at each start.
 */
export async function initCredentials(
  context: Context,
  options: { into: string; nats: string; redis: string; tls?: boolean | undefined },
): Promise<number> {
  const { home, env, terminal } = context;
  const natsPort = portOf('--nats', options.nats);
  portOf('--redis', options.redis);
  const storeFolder = join(home.folder, 'store');
  for (const folder of [home.bus, storeFolder]) {
    await mkdir(folder, { recursive: true, mode: 0o750 });
  }
  const listening = readBusListening(env);
  await writeBusState(home.bus, { listening, port: natsPort, isForeign: true });
  const of = { host: hostNameOf(env), isOpen: listening.isOpen, separatesApps: false };
  const bus = await lockUsers(home.bus, context.pid, () =>
    prepareUsers(home.bus, { ...of, nowMs: Date.now() }),
  );
  const store = await prepareStoreUsers(storeFolder);
  for (const service of SERVICES) {
    const folder = join(options.into, service);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const natsUrl = `${options.tls ? 'tls' : 'nats'}://${stackUserName(service)}:${bus[service]}@${options.nats}`;
    await writePrivate(join(folder, 'nats-url'), `${natsUrl}\n`);
    if (!hasStore(service)) continue;
    const redisUrl = `${options.tls ? 'rediss' : 'redis'}://${service}:${store[service]}@${options.redis}`;
    await writePrivate(join(folder, 'redis-url'), `${redisUrl}\n`);
  }
  terminal.print(
    `NATS is to include ${join(home.bus, 'users.conf')}, the aclfile of Redis is ${join(storeFolder, 'users.acl')}.`,
  );
  terminal.print(
    `Each service has its addresses in ${options.into}/<service>: NATS_URL_FILE, REDIS_URL_FILE.`,
  );
  return 0;
}

/** Agents and connectors need no store. */
const hasStore = (service: StackUser): service is keyof StoreSecrets =>
  (STORE_ROLES as readonly string[]).includes(service);

function portOf(option: string, address: string): number {
  const port = Number(ADDRESS.exec(address)?.[1]);
  if (port > 0) return port;
  throw new CliError(`${option} is "${address}".`, { hint: 'Write it as host:port.' });
}
