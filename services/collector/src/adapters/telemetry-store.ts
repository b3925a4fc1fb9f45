import { readFileSync } from 'node:fs';

import type { HeartbeatData, ProgressData } from '@llm-monitor/contracts/events';
import {
  instanceField,
  requestMember,
  serverField,
  shardOf,
  TTL_SECONDS,
  type Keys,
  type StoredCollector,
  type StoredHost,
  type StoredInstance,
  type StoredModels,
  type StoredProgress,
} from '@llm-monitor/contracts/redis';
import { createScript, type StoreConnection } from '@llm-monitor/runtime';

import { keepServer } from '../core/keep-server.ts';
import { tradeTimeMs } from '../core/bot-point.ts';
import type { Telemetry } from '../core/parse-telemetry.ts';
import { hostPoint, modelsPoint } from '../core/series-points.ts';
import { createBotStore } from './bot-store.ts';
import { createResourceStore } from './resource-store.ts';

/** When a message was stored by the broker, and how its producer's clock stands to it; ms. */
export interface Seen {
  atMs: number;
  skewMs: number;
}

/** Keeps hosts, models, instances, leases, and the progress of running calls. All values are absolute: applying twice is harmless. */
export interface TelemetryStore {
  apply(telemetry: Telemetry, seen: Seen): Promise<void>;
  keepProgress(
    progress: readonly { app: string; data: ProgressData; atMs: number }[],
  ): Promise<void>;
  /** Members of calls whose app is silent. */
  takeDueLeases(shard: number, most: number): Promise<string[]>;
  reportCollector(name: string, report: StoredCollector): Promise<void>;
}

const readScript = (name: string) =>
  readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8');

export function createTelemetryStore(
  redis: StoreConnection,
  keys: Keys,
  options: { leaseMs: number },
): TelemetryStore {
  const heartbeatScript = createScript(redis, readScript('apply-heartbeat'));
  const progressScript = createScript(redis, readScript('apply-progress'));
  const leasesScript = createScript(redis, readScript('due-leases'));
  const resources = createResourceStore(redis, keys);
  const bots = createBotStore(redis, keys);
  const shards = Array.from({ length: keys.shards }, (_, index) => keys.shard(index));

  const beat = async (app: string, instance: string, data: HeartbeatData, seen: Seen) => {
    const { runningRequestIds, ...rest } = data;
    const field = instanceField(app, instance);
    const stored: StoredInstance = { seenAtMs: seen.atMs, skewMs: seen.skewMs, beat: rest };
    await redis.hset(keys.global.instances, field, JSON.stringify(stored));
    await Promise.all(
      shards.map((shard, index) => {
        const members = runningRequestIds
          .filter((id) => shardOf(id, keys.shards) === index)
          .map((id) => requestMember(app, id));
        return heartbeatScript.run(
          [shard.beats, shard.active],
          [field, options.leaseMs, ...members],
        );
      }),
    );
  };

  const keepHost = async (stored: StoredHost) => {
    const { host, server } = stored.sample;
    const text = server ? null : await redis.hget(keys.global.hosts, host);
    const before = text === null ? undefined : (JSON.parse(text) as StoredHost);
    await redis.hset(keys.global.hosts, host, JSON.stringify(keepServer(stored, before)));
  };

  const keepPoint = async (host: string, atMs: number, of: string, point: object) => {
    const series = keys.global.hostSeries(host, Math.floor(atMs / 3_600_000));
    await redis.hset(series, `${Math.floor(atMs / 60_000)}${of}`, JSON.stringify(point));
    await redis.expire(series, TTL_SECONDS.hostSeries);
  };

  return {
    async apply(telemetry, seen) {
      if (telemetry.kind === 'heartbeat') {
        await beat(telemetry.app, telemetry.instance, telemetry.data, seen);
      } else if (telemetry.kind === 'host') {
        // They belong to the requests: the host's last sample is kept without them.
        const { requests, ...sample } = telemetry.data;
        if (requests && requests.length > 0) await resources.keep(requests);
        await keepHost({ seenAtMs: seen.atMs, skewMs: seen.skewMs, sample });
        await keepPoint(sample.host, seen.atMs, '', hostPoint(sample));
      } else if (telemetry.kind === 'bot') {
        await bots.keepSample(telemetry.data, seen.atMs);
      } else if (telemetry.kind === 'bot-trade') {
        const { data, id } = telemetry;
        await bots.keepTrade(data, id, tradeTimeMs(data, seen.atMs));
      } else {
        const stored: StoredModels = { seenAtMs: seen.atMs, list: telemetry.data };
        const { host, serverAddress } = telemetry.data;
        const field = serverField(host, serverAddress);
        await redis.hset(keys.global.models, field, JSON.stringify(stored));
        await keepPoint(
          host,
          seen.atMs,
          `:${serverAddress}`,
          modelsPoint(telemetry.data, seen.atMs),
        );
      }
    },

    async keepProgress(progress) {
      const byShard = new Map<number, string[]>();
      for (const { app, data, atMs } of progress) {
        const { phase, chunks, chars, tokensPerSecond, prefillPercent, repeating } = data;
        const stored: StoredProgress = {
          ...{ atMs, phase, chunks, chars },
          ...(tokensPerSecond === undefined ? {} : { tokensPerSecond }),
          ...(prefillPercent === undefined ? {} : { prefillPercent }),
          ...(repeating ? { repeating } : {}),
        };
        const index = shardOf(data.requestId, keys.shards);
        const list = byShard.get(index) ?? [];
        list.push(requestMember(app, data.requestId), JSON.stringify(stored));
        byShard.set(index, list);
      }
      await Promise.all(
        [...byShard].map(([index, list]) => {
          const shard = keys.shard(index);
          return progressScript.run([shard.live, shard.active], [TTL_SECONDS.live, ...list]);
        }),
      );
    },

    async takeDueLeases(index, most) {
      const shard = keys.shard(index);
      const due = await leasesScript.run(
        [shard.active, shard.beats],
        [shard.prefix, options.leaseMs, most],
      );
      return due as string[];
    },

    async reportCollector(name, report) {
      await redis.hset(keys.global.collectors, name, JSON.stringify(report));
    },
  };
}
