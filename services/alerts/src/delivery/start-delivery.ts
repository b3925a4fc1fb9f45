import { randomUUID } from 'node:crypto';

import type { Keys } from '@llm-monitor/contracts/redis';
import { version, type Logger, type StoreConnection } from '@llm-monitor/runtime';
import type { NatsConnection } from '@nats-io/transport-node';

import { createChannelWays } from '../adapters/delivery/create-channel-io.ts';
import { createOutbox } from '../adapters/delivery/outbox.ts';
import { announceKinds, readChannels } from '../adapters/delivery/stored-channels.ts';
import { CHANNELS } from '../channels/channels.ts';
import type { AlertsConfig } from '../config.ts';
import { RETRY_POLICY } from '../core/delivery/next-attempt.ts';
import { answerTests } from './answer-tests.ts';
import { createDelivery, type Delivery, type DeliveryParts } from './create-delivery.ts';

/** Begins to tell people what there is to tell, by the channels that they have set. Every replica does. */
export async function startDelivery(given: {
  config: AlertsConfig;
  redis: StoreConnection;
  keys: Keys;
  bus: NatsConnection;
  log: Logger;
}): Promise<Delivery> {
  const { config, redis, keys, bus, log } = given;
  const ways = createChannelWays({ bus, version: version(), now: Date.now });
  const parts: DeliveryParts = {
    ...{ ways, log, channels: CHANNELS, outbox: createOutbox(redis, keys) },
    readChannels: () => readChannels(redis, keys),
    policy: { ...RETRY_POLICY, firstMs: config.ALERT_RETRY_MS },
    gatherMs: config.ALERT_GATHER_MS,
    sendTimeoutMs: config.ALERT_SEND_TIMEOUT_MS,
    dashboardUrl: config.DASHBOARD_URL,
    ...{ now: Date.now, random: Math.random, newId: randomUUID },
  };
  await announceKinds(redis, keys, CHANNELS);
  const tests = answerTests(bus, parts);
  const delivery = createDelivery(parts);
  return {
    notify: delivery.notify,
    async close() {
      tests.stop();
      await delivery.close();
      await ways.close();
    },
  };
}
