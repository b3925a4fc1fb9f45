import type { Logger } from '@llm-monitor/runtime';
import type { ConsumerInfo } from '@nats-io/jetstream';

import { judgeProgress, type Reading } from '../core/progress-verdict.ts';
import type { TelemetryStore } from './telemetry-store.ts';

const INTERVAL_MS = 2000;

/** Follows how far the consumers are. */
export interface LagWatch {
  verdict(): { ok: boolean; detail: string };
  /** Nothing waited for this consumer and the telemetry one when they were last asked, a moment ago. */
  caughtUp(): boolean;
  stop(): void;
}

export function startLagWatch(options: {
  name: string;
  requests: () => Promise<ConsumerInfo>;
  telemetry: () => Promise<ConsumerInfo>;
  store: TelemetryStore;
  stallMs: number;
  nowMs(): number;
  /** Runs with every reading: keeps what must be there (a store may be wiped at any time). */
  onReading(): Promise<void>;
  log: Logger;
}): LagWatch {
  let last: Reading | undefined;
  let floorMovedAtMs = 0;
  let telemetryPending = Infinity;

  const read = async () => {
    const [requests, telemetry] = await Promise.all([options.requests(), options.telemetry()]);
    const atMs = options.nowMs();
    const reading: Reading = {
      atMs,
      pending: requests.num_pending,
      ackPending: requests.num_ack_pending,
      ackFloor: requests.ack_floor.stream_seq,
    };
    const idle = reading.pending + reading.ackPending === 0;
    if (!last || idle || reading.ackFloor !== last.ackFloor) floorMovedAtMs = atMs;
    last = reading;
    telemetryPending = telemetry.num_pending;
    await options.onReading();
    await options.store.reportCollector(options.name, {
      seenAtMs: atMs,
      pending: reading.pending,
      ackPending: reading.ackPending,
    });
  };
  const tick = () =>
    void read().catch((err: Error) => options.log.debug({ err }, 'could not read the lag'));
  const timer = setInterval(tick, INTERVAL_MS);
  tick();

  return {
    verdict: () =>
      judgeProgress(last && { last, floorMovedAtMs }, options.nowMs(), options.stallMs),
    caughtUp: () =>
      last !== undefined &&
      options.nowMs() - last.atMs < 2 * INTERVAL_MS &&
      last.pending + last.ackPending === 0 &&
      telemetryPending === 0,
    stop: () => clearInterval(timer),
  };
}
