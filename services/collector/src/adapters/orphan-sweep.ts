import {
  decodeRecord,
  isEndedBits,
  parseRequestMember,
  type Keys,
} from '@llm-monitor/contracts/redis';
import type { Logger } from '@llm-monitor/runtime';
import type { JetStreamClient } from '@nats-io/jetstream';
import type { Redis } from 'ioredis';

import { createOrphanEvent } from '../core/orphan-event.ts';
import type { TelemetryStore } from './telemetry-store.ts';

const MOST_AT_ONCE = 500;

/** Looks for calls that nobody will end, and publishes that. Any collector may run it: the broker takes each finding once. */
export function startOrphanSweep(options: {
  redis: Redis;
  keys: Keys;
  store: TelemetryStore;
  jetstream: JetStreamClient;
  intervalMs: number;
  /** May leases be trusted now? An outage of our own must orphan nobody. */
  trusted(): boolean;
  nowMs(): number;
  log: Logger;
}): { stop(): void } {
  const { redis, keys, store, log } = options;
  let sweeping = false;

  const sweepShard = async (index: number) => {
    for (const member of await store.takeDueLeases(index, MOST_AT_ONCE)) {
      const { id, app } = parseRequestMember(member);
      const hash = await redis.hgetall(keys.shard(index).request(app, id));
      const record = decodeRecord({ id, app }, hash);
      if (!record) {
        await redis.zrem(keys.shard(index).active, member);
        continue;
      }
      if (isEndedBits(record.bits)) continue;
      const { subject, event } = createOrphanEvent(record, options.nowMs());
      await options.jetstream.publish(subject, JSON.stringify(event), { msgID: event.id });
      log.warn({ app, id }, 'a call is orphaned: its app fell silent');
    }
  };

  const sweep = async () => {
    if (sweeping || !options.trusted()) return;
    sweeping = true;
    try {
      for (let index = 0; index < keys.shards; index++) await sweepShard(index);
    } catch (error) {
      log.debug({ err: error }, 'the sweep ended early; the next one goes on');
    } finally {
      sweeping = false;
    }
  };
  const timer = setInterval(() => void sweep(), options.intervalMs);
  return { stop: () => clearInterval(timer) };
}
