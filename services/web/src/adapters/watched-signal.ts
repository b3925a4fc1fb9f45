import { WATCHED_EVERY_MS, WATCHED_SUBJECT } from '@llm-monitor/contracts/bus';
import type { NatsConnection } from '@nats-io/transport-node';

/** Tells agents that somebody looks, so that they sample more often. */
export interface WatchedSignal {
  /** A browser came: it is said at once, unless it was said just now. */
  arrived(): void;
  stop(): void;
}

const LEAST_GAP_MS = 1000;

export function startWatchedSignal(options: {
  connection(): NatsConnection | undefined;
  isWatched(): boolean;
}): WatchedSignal {
  let saidAtMs = -Infinity;
  const say = () => {
    const bus = options.connection();
    if (!bus || bus.isClosed() || !options.isWatched()) return;
    saidAtMs = performance.now();
    bus.publish(WATCHED_SUBJECT);
  };
  const timer = setInterval(say, WATCHED_EVERY_MS);
  return {
    arrived() {
      if (performance.now() - saidAtMs >= LEAST_GAP_MS) say();
    },
    stop: () => clearInterval(timer),
  };
}
