import { hostname } from 'node:os';

import { createKeys } from '@llm-monitor/contracts/redis';
import type { Store } from '@llm-monitor/read-model';
import {
  announceAccess,
  assertSafeToListen,
  busTls,
  ConfigError,
  followGeneration,
  followStoreClock,
  parseAllowedHosts,
  readAccessTokens,
  readConfig,
  readServerTls,
  runService,
  storeTls,
  version,
} from '@llm-monitor/runtime';
import { connectStore, whenStoreReady } from '@llm-monitor/runtime/store';

import { startBus } from './adapters/bus.ts';
import { createDemoPlayer } from './adapters/demo-player.ts';
import { createStoreGuard } from './adapters/store-guard.ts';
import { createApp } from './app.ts';
import { ApiConfig } from './config.ts';
import { checkWebAddresses } from './web-addresses.ts';

/** Redis may come up beside this service; without it the API answers 503 until it is there. */
const WAIT_FOR_STORE_MS = 3000;

await runService({
  service: 'api',
  env: process.env,
  configure(env) {
    const config = readConfig(ApiConfig, env);
    assertSafeToListen(config);
    checkWebAddresses(config.WEB_ADDRESSES);
    return { ...config, tls: readServerTls('API_', config), tokens: readAccessTokens(config) };
  },
  async start({ log, config }) {
    const { tls, tokens } = config;
    announceAccess(tokens, log);
    const redis = connectStore({ url: config.REDIS_URL, name: 'api', log, tls: storeTls(config) });
    const store = { redis, keys: createKeys({ shards: config.REDIS_SHARDS }) };
    const clock = followStoreClock({ redis, log });
    await Promise.race([whenStoreReady(redis), delay(WAIT_FOR_STORE_MS)]);
    if (redis.status === 'ready') await assertSameShards(store);
    const generation = await followGeneration(store);
    const nats = { log, tls: busTls(config) };
    const bus = startBus({ url: config.NATS_URL, ...nats });
    const demo = createDemoPlayer({ bus, natsUrl: config.NATS_URL, ...nats, now: Date.now });
    const app = await createApp({
      store,
      bus,
      demo,
      isCancelOn: config.CANCEL === 'on',
      log,
      version: version(),
      hostName: hostname(),
      allowedHosts: parseAllowedHosts(config.ALLOWED_HOSTS),
      tokens,
      rateLimit: config.RATE_LIMIT,
      maxCombinations: config.METRICS_COMBINATIONS,
      webAddresses: config.WEB_ADDRESSES,
      tls,
      now: clock.nowMs,
      clockCheck: clock.check,
      elapsedMs: () => performance.now(),
    });
    await app.listen({ host: config.HOST, port: config.PORT });
    return {
      async close() {
        generation.stop();
        clock.stop();
        await app.close();
        await demo.close();
        await bus.close();
        redis.disconnect();
      },
    };
  },
});

async function assertSameShards(store: Store): Promise<void> {
  const guard = createStoreGuard(store);
  await guard.refresh();
  if (guard.problem !== undefined) throw new ConfigError(guard.problem);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
