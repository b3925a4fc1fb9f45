import type { Store } from '@llm-monitor/read-model';
import type { Check } from '@llm-monitor/runtime';

import type { Bus } from './adapters/bus.ts';
import { readPipeline } from './adapters/read-pipeline.ts';
import type { StoreGuard } from './adapters/store-guard.ts';

interface Needs {
  store: Store;
  bus: Bus;
  guard: StoreGuard;
  /** ms since 1970 */
  now(): number;
  clockCheck?: Check | undefined;
}

type Answer = Awaited<ReturnType<Check['check']>>;

/** What the service needs, for `/ready`. */
export function createChecks(needs: Needs): Check[] {
  return [
    { name: 'redis', check: () => checkStore(needs.guard) },
    { name: 'nats', check: () => checkBus(needs.bus) },
    { name: 'pipeline', check: () => checkPipeline(needs) },
    ...(needs.clockCheck ? [needs.clockCheck] : []),
  ];
}

async function checkStore(guard: StoreGuard): Promise<Answer> {
  try {
    await guard.refresh();
    return { ok: !guard.problem, detail: guard.problem ?? 'Redis answers' };
  } catch (error) {
    const reason = (error as Error).message;
    return {
      ok: false,
      detail: `Redis does not answer (${reason}). See that it runs at REDIS_URL.`,
    };
  }
}

/** Nothing but cancelling needs NATS, so a service without it is ready. */
function checkBus(bus: Bus): Answer {
  return {
    ok: true,
    detail: bus.connection()
      ? 'connected'
      : 'not connected: calls cannot be cancelled. See that NATS runs at NATS_URL.',
  };
}

/** A word on how collecting goes. It is not this service's work, so it makes it neither ready nor unready. */
async function checkPipeline({ store, bus, now }: Needs): Promise<Answer> {
  const { status, detail, streams, dead_letters: letters } = await readPipeline(store, bus, now());
  const figures = streams?.map(
    ({ name, pending, in_flight, ack_floor, redeliveries, lost }) =>
      `${name}: ${pending} waiting, ${in_flight} in work, ack floor ${ack_floor}, ${redeliveries} handed out again, ${lost} lost`,
  );
  const parts = [status, detail, ...(figures ?? []), letters && `${letters.count} dead letters`];
  return { ok: true, detail: parts.filter(Boolean).join('; ') };
}
