import type { Status } from '@llm-monitor/contracts/rest';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Redis } from 'ioredis';

import { createLoad, publishLoad } from './load.ts';
import type { RecordedKey, RecordedMessage, RecordedVersion } from './recorded-version.ts';
import { startStack } from './start-stack.ts';
import { waitFor } from './wait-for.ts';

const STREAM = 'LLM_REQUESTS';

/** Runs the built services of `root` under a small load that is the same each time, and reads what they leave behind. */
export async function recordVersion(of: {
  root: string;
  version: string;
}): Promise<RecordedVersion> {
  const stack = await startStack({ root: of.root, collectors: 2 });
  const bus = await connect({ servers: stack.nats.url });
  const redis = new Redis(stack.redis.url);
  try {
    const { events, truth } = createLoad({ seed: 1, calls: 150 });
    await publishLoad(bus, events);
    const ask = async <T>(path: string): Promise<T> =>
      (await (await fetch(`${stack.api.url}${path}`)).json()) as T;
    await waitFor('all calls to be counted', async () => {
      const { completed_requests, failed_requests, cancelled_requests, total_requests } =
        await ask<Status>('/api/status');
      const ended = completed_requests + failed_requests + cancelled_requests;
      const wanted = truth.completed + truth.failed + truth.cancelled;
      return total_requests === truth.started && ended === wanted;
    });
    const said: RecordedVersion['said'] = {
      status: await ask('/api/status'),
      requests: await ask('/api/requests?limit=500'),
      models: await ask('/api/models'),
    };
    await Promise.all([stack.web, stack.api, ...stack.collectors].map((one) => one.stop()));
    const { messages, stream } = await readStream(bus);
    return { version: of.version, stream, messages, keys: await readKeys(redis), said };
  } finally {
    redis.disconnect();
    await bus.close();
    await stack.stop();
  }
}

async function readStream(
  bus: NatsConnection,
): Promise<Pick<RecordedVersion, 'messages' | 'stream'>> {
  const manager = await jetstreamManager(bus);
  const { config, state } = await manager.streams.info(STREAM);
  const consumer = await jetstream(bus).consumers.get(STREAM);
  const messages: RecordedMessage[] = [];
  for await (const message of await consumer.consume()) {
    const given = message.headers;
    messages.push({
      subject: message.subject,
      headers: (given?.keys() ?? []).flatMap((name) =>
        (given?.values(name) ?? []).map((value): [string, string] => [name, value]),
      ),
      data: message.string(),
    });
    if (message.seq >= state.last_seq) break;
  }
  const { name, subjects, max_age, max_bytes, duplicate_window } = config;
  return { messages, stream: { name, subjects, max_age, max_bytes, duplicate_window } };
}

async function readKeys(redis: Redis): Promise<RecordedKey[]> {
  const names = (await redis.keys('*')).sort();
  return Promise.all(names.map((name) => readKey(redis, name)));
}

async function readKey(redis: Redis, key: string): Promise<RecordedKey> {
  const type = await redis.type(key);
  if (type === 'string') return [type, key, [(await redis.get(key)) ?? '']];
  if (type === 'hash') return [type, key, Object.entries(await redis.hgetall(key))];
  if (type === 'set') return [type, key, await redis.smembers(key)];
  if (type === 'stream') {
    const entries = await redis.xrange(key, '-', '+');
    return [type, key, entries.map(([id, fields]) => [id, ...fields])];
  }
  const members = await redis.zrange(key, '0', '-1', 'WITHSCORES');
  const pairs: string[][] = [];
  for (let i = 0; i < members.length; i += 2) pairs.push([members[i + 1] ?? '', members[i] ?? '']);
  return [type, key, pairs];
}
