import { afterAll, beforeAll } from 'vitest';

import { collectEvents, type EventCollector } from './collect-events.ts';
import { startNats, type NatsServer } from './start-nats.ts';

/** A bus for all tests of a file, and everything that is said on it. */
export interface Bus {
  nats: NatsServer;
  events: EventCollector;
}

/** Starts it before the first test, gives it to `keep`, and ends it after the last. */
export function useBus(keep: (bus: Bus) => void): void {
  let bus: Bus | undefined;
  beforeAll(async () => {
    const nats = await startNats();
    bus = { nats, events: await collectEvents(nats.url) };
    keep(bus);
  });
  afterAll(async () => {
    await bus?.events.stop();
    await bus?.nats.stop();
  });
}
