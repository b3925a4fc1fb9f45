import { hostname } from 'node:os';

import { createKeys } from '@llm-monitor/contracts/redis';
import {
  assertSafeToListen,
  ConfigError,
  connectStore,
  parseAllowedHosts,
  readConfig,
  runService,
  version,
  whenStoreReady,
} from '@llm-monitor/runtime';

import { createStoreGuard, type StoreGuard } from './adapters/store-guard.ts';
import { createApp } from './app.ts';
import { ApiConfig } from './config.ts';

/** Redis may come up beside this service; without it the API answers 503 until it is there. */
const WAIT_FOR_STORE_MS = 3000;

await runService({
  service: 'api',
  env: process.env,
  async start({ log, env }) {
    const config = readConfig(ApiConfig, env);
    assertSafeToListen(config);
    const redis = connectStore({ url: config.REDIS_URL, name: 'api', log });
    const store = { redis, keys: createKeys({ shards: config.REDIS_SHARDS }) };
    const guard = createStoreGuard(store);
    await Promise.race([whenStoreReady(redis), delay(WAIT_FOR_STORE_MS)]);
    if (redis.status === 'ready') await assertSameShards(guard);
    redis.on('ready', () => {
      guard
        .refresh()
        .catch((err: Error) => log.warn({ err }, 'Redis did not say how it was written'));
    });
    const app = await createApp({
      store,
      guard,
      log,
      version: version(),
      hostName: hostname(),
      allowedHosts: parseAllowedHosts(config.ALLOWED_HOSTS),
      token: config.LLM_MONITOR_TOKEN,
      now: Date.now,
      elapsedMs: () => performance.now(),
    });
    await app.listen({ host: config.HOST, port: config.PORT });
    return {
      async close() {
        await app.close();
        redis.disconnect();
      },
    };
  },
});

async function assertSameShards(guard: StoreGuard): Promise<void> {
  await guard.refresh();
  if (guard.problem !== undefined) throw new ConfigError(guard.problem);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
