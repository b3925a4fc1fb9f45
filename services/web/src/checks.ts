import type { Check, StoreConnection } from '@llm-monitor/runtime';
import { pingStore } from '@llm-monitor/runtime/store';
import type { NatsConnection } from '@nats-io/transport-node';

import { checkApi, type ApiAddress } from './adapters/api-health.ts';

/** What the service needs, for `/ready`. */
export function createChecks(needs: {
  redis: StoreConnection;
  bus(): NatsConnection | undefined;
  /** Why there is no bus yet, as far as it is known. */
  busTrouble(): string | undefined;
  isFed(): boolean;
  api: ApiAddress;
  clock: Check;
}): Check[] {
  return [
    {
      name: 'redis',
      check() {
        return pingStore(needs.redis).then(
          () => ({ ok: true, detail: 'answers' }),
          ({ message }: Error) => ({
            ok: false,
            detail: `does not answer (${message}): is REDIS_URL right, does the server run?`,
          }),
        );
      },
    },
    {
      name: 'nats',
      async check() {
        const bus = needs.bus();
        if (!bus) {
          const why = needs.busTrouble();
          return {
            ok: false,
            detail: `not connected yet${why ? ` (${why})` : ''}: is NATS_URL right, does the server run?`,
          };
        }
        await bus.flush();
        return { ok: true, detail: 'answers' };
      },
    },
    {
      name: 'feed',
      check: () =>
        needs.isFed()
          ? { ok: true, detail: 'followed' }
          : {
              ok: false,
              detail: 'the change feed is not heard; it goes on by itself when Redis answers',
            },
    },
    { name: 'api', check: () => checkApi(needs.api) },
    needs.clock,
  ];
}
