import { createKeys } from '@llm-monitor/contracts/redis';
import {
  busTls,
  connectBus,
  followGeneration,
  storeTls,
  version,
  type Check,
  type Logger,
  type StoreClock,
  type StoreConnection,
} from '@llm-monitor/runtime';
import { connectStore } from '@llm-monitor/runtime/store';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Server } from 'socket.io';

import type { ApiAddress } from '../adapters/api-health.ts';
import { createFeedFollower } from '../adapters/feed-follower.ts';
import { createFeedStore } from '../adapters/feed-store.ts';
import { createFiguresReader } from '../adapters/figures-reader.ts';
import { followProgress } from '../adapters/progress-source.ts';
import { startWatchedSignal } from '../adapters/watched-signal.ts';
import { createChecks } from '../checks.ts';
import type { WebConfig } from '../config.ts';
import { createLiveServer } from './live-server.ts';
import { createLiveService } from './live-service.ts';

/** Starts all that makes frames, and needs neither Redis nor NATS to be there yet. */
export function startLive(
  {
    config,
    log,
    uptimeSeconds,
    api,
    clock,
  }: {
    config: WebConfig;
    log: Logger;
    uptimeSeconds(): number;
    api: ApiAddress;
    clock: StoreClock;
  },
  io: Server,
  redis: StoreConnection,
): { checks: Check[]; close(): Promise<void> } {
  const keys = createKeys({ shards: config.REDIS_SHARDS });
  const store = createFeedStore({ redis, keys });
  const follower = createFeedFollower({
    connect: () =>
      connectStore({
        ...{ url: config.REDIS_URL, tls: storeTls(config) },
        ...{ name: 'web-feed', log, blocking: true },
      }),
    keys,
    log,
    onEntries: (entries) => service.feed.addEntries(entries),
    onDoubt: (position) => void service.verify(position),
  });
  const service = createLiveService({
    store,
    figures: createFiguresReader({
      store: { redis, keys },
      version: version(),
      uptimeSeconds,
      now: clock.nowMs,
    }),
    live: createLiveServer(io),
    follower,
    log,
    now: clock.nowMs,
  });
  redis.on('ready', () => void service.verify());
  // Its epoch is another one: every browser gets a snapshot of it, and shows what it had until then.
  const generation = followGeneration({ redis, keys, onChange: () => void service.verify() });
  const bus = startProgress({ config, log, onProgress: service.addProgress });
  const watched = startWatchedSignal({
    connection: bus.connection,
    isWatched: () => io.sockets.sockets.size > 0,
  });
  io.on('connection', watched.arrived);
  return {
    checks: createChecks({
      redis,
      bus: bus.connection,
      busTrouble: bus.trouble,
      isFed: service.isFed,
      api,
      clock: clock.check,
    }),
    async close() {
      service.close();
      watched.stop();
      (await generation).stop();
      await Promise.all([follower.close(), bus.close()]);
      redis.disconnect();
    },
  };
}

/** Listens to progress as soon as NATS is there, and for ever after. */
function startProgress(options: {
  config: WebConfig;
  log: Logger;
  onProgress: Parameters<typeof followProgress>[1];
}): {
  connection(): NatsConnection | undefined;
  trouble(): string | undefined;
  close(): Promise<void>;
} {
  const { config, log } = options;
  let connection: NatsConnection | undefined;
  let trouble: string | undefined;
  let isClosed = false;
  const onWaiting = (why: string) => (trouble = why);
  connectBus({ url: config.NATS_URL, name: 'web', log, tls: busTls(config), onWaiting }).then(
    async (connected) => {
      if (isClosed) return connected.close();
      connection = connected;
      followProgress(connected, options.onProgress);
      return undefined;
    },
    (error: unknown) =>
      log.error({ err: error }, 'NATS refuses this service: no progress is shown'),
  );
  return {
    connection: () => connection,
    trouble: () => trouble,
    async close() {
      isClosed = true;
      await connection?.close();
    },
  };
}
