import { setTimeout as delay } from 'node:timers/promises';

import type { Host, Pipeline } from '@llm-monitor/contracts/rest';
import { Redis } from 'ioredis';

import { storeEnvironment } from '../commands/store-environment.ts';
import type { Context } from '../context.ts';
import { httpGet } from '../processes/http-get.ts';
import type { FlowReadings } from './judge-flow.ts';

const TIMEOUT_MS = 5000;

/** Asks the API of a monitor that runs, and its Redis. */
export async function readFlow(
  context: Context,
  { webUrl, token }: { webUrl: string; token: string | undefined },
): Promise<FlowReadings> {
  const ask = async (path: string) => {
    try {
      const url = `${webUrl.replace('//localhost', '//127.0.0.1')}${path}`;
      return await httpGet(url, { timeoutMs: TIMEOUT_MS, token });
    } catch {
      return undefined;
    }
  };
  const [pipeline, hosts, redis] = await Promise.all([
    ask('/api/pipeline'),
    ask('/api/hosts'),
    readRedis(context),
  ]);
  const status = pipeline?.status;
  return {
    api: status === 401 ? 'locked' : status === 200 ? 'answers' : 'silent',
    pipeline: status === 200 ? (pipeline?.body as Pipeline) : undefined,
    hosts: hosts?.status === 200 ? (hosts.body as Host[]) : [],
    redis,
    command: context.command,
  };
}

/** Undefined where it cannot be asked: it is elsewhere, a cluster, or away. */
async function readRedis(context: Context): Promise<FlowReadings['redis']> {
  let redis: Redis | undefined;
  try {
    const url = (await storeEnvironment(context))['REDIS_URL'];
    if (!url || url.includes(',')) return undefined;
    redis = new Redis(url.replace(/^unix:\/\//, ''), {
      ...{ lazyConnect: true, connectTimeout: TIMEOUT_MS, maxRetriesPerRequest: 0 },
      retryStrategy: () => null,
    });
    redis.on('error', () => undefined);
    // One that hangs takes the connection and says nothing, for ever.
    const memory = await Promise.race([askMemory(redis), delay(TIMEOUT_MS, '', { ref: false })]);
    if (memory === '') return undefined;
    const numberOf = (name: string) =>
      Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(memory)?.[1] ?? 0);
    return { usedBytes: numberOf('used_memory'), maxBytes: numberOf('maxmemory') };
  } catch {
    return undefined;
  } finally {
    redis?.disconnect();
  }
}

async function askMemory(redis: Redis): Promise<string> {
  await redis.connect();
  return await redis.info('memory');
}
