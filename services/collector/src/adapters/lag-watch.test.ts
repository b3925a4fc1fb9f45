import type { ConsumerInfo } from '@nats-io/jetstream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { DurableConsumer } from './durable-consumer.ts';
import { startLagWatch, type LagWatchOptions } from './lag-watch.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const unused = (): never => {
  throw new Error('not to be asked');
};

/** A broker that answers when it is told to. */
function setUp() {
  const asked: ((error: Error) => void)[] = [];
  const info = () => new Promise<ConsumerInfo>((_, refuse) => asked.push(refuse));
  const consumer = { info, renew: unused } as unknown as DurableConsumer;
  const caughtUp: boolean[] = [];
  startLagWatch({
    ...{ name: 'one', requests: consumer, telemetry: { ...consumer, info: () => info() } },
    ...{ manager: {}, store: {}, losses: {}, places: {}, log: { debug: () => undefined } },
    ...{ isFirst: false, generation: () => 1, stallMs: 60_000, nowMs: Date.now, steadyMs: () => 0 },
    onCaughtUp: (isCaughtUp: boolean) => caughtUp.push(isCaughtUp),
    onReading: unused,
  } as unknown as LagWatchOptions);
  return { asked, caughtUp };
}

test('a broker that does not answer is not asked again before it has', async () => {
  const { asked, caughtUp } = setUp();
  await vi.advanceTimersByTimeAsync(20_000);
  // Of both streams.
  expect(asked).toHaveLength(2);
  asked[0]?.(new Error('timeout'));
  await vi.advanceTimersByTimeAsync(2000);
  expect(caughtUp).toEqual([false]);
  expect(asked).toHaveLength(4);
});
