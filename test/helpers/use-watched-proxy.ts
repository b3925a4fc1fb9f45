import type { RequestEndedData } from '@llm-monitor/contracts/events';
import { afterAll, beforeAll } from 'vitest';

import { collectEvents, type EventCollector } from './collect-events.ts';
import { startNats, type NatsServer } from './start-nats.ts';
import { startProxy, type RunningProxy } from './start-proxy.ts';

/** A proxy in front of a server, for all tests of a file, and what it tells of the calls that pass. */
export interface WatchedProxy {
  url: string;
  /** How the first call of an app ended. */
  endOf(app: string): Promise<RequestEndedData>;
}

/** Starts all of it before the first test, gives it to `keep`, and ends it after the last. */
export function useWatchedProxy(
  startServer: () => Promise<{ url: string; close(): Promise<unknown> }>,
  keep: (proxy: WatchedProxy) => void,
): void {
  let nats: NatsServer;
  let events: EventCollector;
  let server: Awaited<ReturnType<typeof startServer>>;
  let proxy: RunningProxy;
  beforeAll(async () => {
    nats = await startNats();
    events = await collectEvents(nats.url);
    server = await startServer();
    proxy = await startProxy(server.url, { NATS_URL: nats.url });
    keep({
      url: proxy.url,
      endOf: async (app) => (await events.endedCalls(app))[0]!.ended[0]!.event.data,
    });
  });
  afterAll(async () => {
    await proxy.agent.stop();
    await server.close();
    await events.stop();
    await nats.stop();
  });
}
