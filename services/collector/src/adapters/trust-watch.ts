import type { NatsConnection } from '@nats-io/transport-node';
import type { StoreConnection } from '@llm-monitor/runtime';

import { createSteadiness, type Steadiness } from '../core/steady-since.ts';

/**
 * Since when leases can be trusted: both servers reachable, batches taken and heartbeats collected, without a break.
 * `store` and `caught-up` are set by those who know.
 */
export function watchTrust(options: {
  redis: StoreConnection;
  connection: NatsConnection;
}): Steadiness {
  const steadiness = createSteadiness(['redis', 'nats', 'store', 'caught-up'], () =>
    performance.now(),
  );
  steadiness.set('redis', options.redis.status === 'ready');
  options.redis.on('ready', () => steadiness.set('redis', true));
  options.redis.on('close', () => steadiness.set('redis', false));
  steadiness.set('nats', true);
  steadiness.set('store', true);
  void (async () => {
    for await (const { type } of options.connection.status()) {
      if (type === 'disconnect') steadiness.set('nats', false);
      else if (type === 'reconnect') steadiness.set('nats', true);
    }
  })();
  return steadiness;
}
