import {
  createApp,
  createDemoPlayer,
  startBus,
  type AppParts,
  type Bus,
} from '@llm-monitor/api/app';
import { createKeys, type Keys } from '@llm-monitor/contracts/redis';
import { createLogger } from '@llm-monitor/runtime';
import { connectStore, whenStoreReady } from '@llm-monitor/runtime/store';
import type { Redis } from 'ioredis';

import { freePort } from './free-port.ts';

/** An answer, its body parsed. */
export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** NATS that never comes up. */
const noBus: Bus = {
  connection: () => undefined,
  onChange: () => () => undefined,
  close: () => Promise.resolve(),
};

/** The API in this process, over a real Redis. */
export interface RunningApi {
  url: string;
  redis: Redis;
  keys: Keys;
  app: Awaited<ReturnType<typeof createApp>>;
  get(path: string, init?: RequestInit): Promise<Answer>;
  close(): Promise<void>;
}

/** @param options.now the API's clock, so that buckets and ranges are the same in every run */
export async function startApi(
  options: { redisUrl: string; shards: number; natsUrl?: string } & Partial<AppParts>,
): Promise<RunningApi> {
  const log = createLogger({ service: 'api', level: 'silent' });
  const redis = connectStore({ url: options.redisUrl, name: 'test', log });
  await whenStoreReady(redis);
  const keys = createKeys({ shards: options.shards });
  const bus = options.natsUrl === undefined ? noBus : startBus({ url: options.natsUrl, log });
  const demo = createDemoPlayer({
    ...{ bus, log, tls: undefined, now: Date.now },
    natsUrl: options.natsUrl ?? 'nats://127.0.0.1:1',
  });
  const app = await createApp({
    log,
    bus,
    demo,
    isCancelOn: true,
    version: '0.0.0-test',
    hostName: 'here',
    allowedHosts: ['127.0.0.1'],
    tokens: { operator: '', viewer: '' },
    now: Date.now,
    elapsedMs: () => performance.now(),
    ...options,
    store: { redis, keys },
  });
  const url = await app.listen({ host: '127.0.0.1', port: await freePort() });
  return {
    url,
    // One address: no cluster.
    redis: redis as Redis,
    keys,
    app,
    async get(path, init) {
      const response = await fetch(`${url}${path}`, init);
      const text = await response.text();
      // Not NDJSON, of which each line is.
      const isJson = /\/([\w-]+\+)?json\b/.test(response.headers.get('content-type') ?? '');
      return {
        status: response.status,
        headers: response.headers,
        body: isJson && text ? JSON.parse(text) : text,
      };
    },
    async close() {
      await app.close();
      await demo.close();
      await bus.close();
      redis.disconnect();
    },
  };
}
