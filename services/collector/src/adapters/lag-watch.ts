import type { Logger } from '@llm-monitor/runtime';
import type { ConsumerInfo } from '@nats-io/jetstream';

import { judgeProgress, keepsUp, type Reading } from '../core/progress-verdict.ts';
import type { TelemetryStore } from './telemetry-store.ts';

const INTERVAL_MS = 2000;

/** Follows how far the consumers are. */
export interface LagWatch {
  verdict(): { ok: boolean; detail: string };
  stop(): void;
}

export function startLagWatch(options: {
  name: string;
  requests: () => Promise<ConsumerInfo>;
  telemetry: () => Promise<ConsumerInfo>;
  store: TelemetryStore;
  stallMs: number;
  nowMs(): number;
  /** Told with every reading whether requests and telemetry are collected about as fast as they come. */
  onCaughtUp(isCaughtUp: boolean): void;
  /** Runs with every reading: keeps what must be there (a store may be wiped at any time). */
  onReading(): Promise<void>;
  log: Logger;
}): LagWatch {
  let last: Reading | undefined;
  let floorMovedAtMs = 0;
  let lastTelemetry: Reading | undefined;

  const read = async () => {
    const [requests, telemetry] = await Promise.all([options.requests(), options.telemetry()]);
    const atMs = options.nowMs();
    const reading = toReading(requests, atMs);
    const telemetryReading = toReading(telemetry, atMs);
    options.onCaughtUp(keepsUp(reading, last) && keepsUp(telemetryReading, lastTelemetry));
    lastTelemetry = telemetryReading;
    const idle = reading.pending + reading.ackPending === 0;
    if (!last || idle || reading.ackFloor !== last.ackFloor) floorMovedAtMs = atMs;
    last = reading;
    await options.onReading();
    await options.store.reportCollector(options.name, {
      seenAtMs: atMs,
      pending: reading.pending,
      ackPending: reading.ackPending,
    });
  };
  const tick = () =>
    void read().catch((err: Error) => {
      options.onCaughtUp(false);
      options.log.debug({ err }, 'could not read the lag');
    });
  const timer = setInterval(tick, INTERVAL_MS);
  tick();

  return {
    verdict: () =>
      judgeProgress(last && { last, floorMovedAtMs }, options.nowMs(), options.stallMs),
    stop: () => clearInterval(timer),
  };
}

function toReading(info: ConsumerInfo, atMs: number): Reading {
  return {
    atMs,
    pending: info.num_pending,
    ackPending: info.num_ack_pending,
    ackFloor: info.ack_floor.stream_seq,
  };
}
