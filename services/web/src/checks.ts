import { pingStore, type Check, type StoreConnection } from '@llm-monitor/runtime';
import type { NatsConnection } from '@nats-io/transport-node';

const API_TIMEOUT_MS = 1500;

/** What the service needs, for `/ready`. */
export function createChecks(needs: {
  redis: StoreConnection;
  bus(): NatsConnection | undefined;
  isFed(): boolean;
  apiUrl: string;
}): Check[] {
  return [
    {
      name: 'redis',
      check() {
        return pingStore(needs.redis).then(
          () => ({ ok: true, detail: 'answers' }),
          () => ({
            ok: false,
            detail: 'does not answer: is REDIS_URL right, does the server run?',
          }),
        );
      },
    },
    {
      name: 'nats',
      async check() {
        const bus = needs.bus();
        if (!bus)
          return {
            ok: false,
            detail: 'not connected yet: is NATS_URL right, does the server run?',
          };
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
    { name: 'api', check: () => checkApi(needs.apiUrl) },
  ];
}

async function checkApi(apiUrl: string): Promise<{ ok: boolean; detail: string }> {
  try {
    const answer = await fetch(new URL('/health', apiUrl), {
      signal: AbortSignal.timeout(API_TIMEOUT_MS),
    });
    await answer.body?.cancel();
    if (answer.ok) return { ok: true, detail: 'answers' };
    return { ok: false, detail: `answers with status ${answer.status}` };
  } catch {
    return { ok: false, detail: 'does not answer: is API_URL right, does the api service run?' };
  }
}
