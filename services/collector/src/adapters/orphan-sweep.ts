import {
  decodeRecord,
  isEndedBits,
  parseRequestMember,
  type Keys,
} from '@llm-monitor/contracts/redis';
import type { Logger, StoreConnection } from '@llm-monitor/runtime';
import type { JetStreamClient } from '@nats-io/jetstream';

import { createOrphanEvent } from '../core/orphan-event.ts';
import type { Steadiness } from '../core/steady-since.ts';
import type { TelemetryStore } from './telemetry-store.ts';

const MOST_AT_ONCE = 500;

/** Looks for calls that nobody will end, and publishes that. Any collector may run it: the broker takes each finding once. */
export function startOrphanSweep(options: {
  redis: StoreConnection;
  keys: Keys;
  store: TelemetryStore;
  jetstream: JetStreamClient;
  intervalMs: number;
  /** Leases count only after a whole lease without an outage of our own: such an outage must orphan nobody. */
  trust: Steadiness;
  leaseMs: number;
  nowMs(): number;
  log: Logger;
}): { stop(): void } {
  const { redis, keys, store, log, trust } = options;
  let sweeping = false;
  let lastLookMs = options.nowMs();

  const sweepShard = async (index: number) => {
    for (const member of await store.takeDueLeases(index, MOST_AT_ONCE)) {
      const { id, app } = parseRequestMember(member);
      await publishOrphan(index, member, app, id);
    }
  };

  const publishOrphan = async (index: number, member: string, app: string, id: string) => {
    try {
      const hash = await redis.hgetall(keys.shard(index).request(app, id));
      const record = decodeRecord({ id, app }, hash);
      if (!record) {
        await redis.zrem(keys.shard(index).active, member);
        return;
      }
      if (isEndedBits(record.bits)) return;
      const { subject, event } = createOrphanEvent(record, options.nowMs());
      await options.jetstream.publish(subject, JSON.stringify(event), { msgID: event.id });
      log.warn({ app, id }, 'a call is orphaned: its app fell silent');
    } catch (err) {
      // One that cannot be told of must not keep the others waiting. Its lease has moved on: it is tried again.
      log.debug({ err, app, id }, 'an orphan could not be published');
    }
  };

  /** A machine that slept has missed heartbeats, though no connection broke. */
  const noticeSleep = () => {
    const now = options.nowMs();
    if (now - lastLookMs >= options.leaseMs) {
      trust.set('nats', false);
      trust.set('nats', true);
    }
    lastLookMs = now;
  };

  const sweep = async () => {
    noticeSleep();
    if (sweeping || trust.steadyMs() < options.leaseMs) return;
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
