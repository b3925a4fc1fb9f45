import { startNats, type NatsServer } from './start-nats.ts';
import { startRedis, type RedisServer } from './start-redis.ts';
import { startService, type Service } from './start-service.ts';

/** The whole product in processes of its own: servers, collectors, api and web. */
export interface Stack {
  nats: NatsServer;
  redis: RedisServer;
  collectors: Service[];
  api: Service;
  web: Service;
  stop(): Promise<void>;
}

export async function startStack(
  options: { collectors?: number; env?: Record<string, string>; root?: string } = {},
): Promise<Stack> {
  const [nats, redis] = await Promise.all([startNats(), startRedis()]);
  const env = { NATS_URL: nats.url, REDIS_URL: redis.url, ...options.env };
  const until = { until: 'ready', root: options.root } as const;
  const collectors: Service[] = [];
  for (let i = 0; i < (options.collectors ?? 1); i++) {
    collectors.push(await startService('collector', env, until));
  }
  const api = await startService('api', env, until);
  const web = await startService('web', { ...env, API_URL: api.url }, until);
  const stack: Stack = {
    ...{ nats, redis, collectors, api, web },
    async stop() {
      // A test may have started another in the place of one.
      const services = [stack.web, stack.api, ...collectors];
      await Promise.all(services.map((service) => service.stop()));
      await Promise.all([nats.stop(), redis.stop()]);
    },
  };
  return stack;
}
