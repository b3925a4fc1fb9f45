import { setTimeout as delay } from 'node:timers/promises';

import { STREAMS } from '@llm-monitor/contracts/bus';
import type { StoredLoss } from '@llm-monitor/contracts/redis';
import type { Logger } from '@llm-monitor/runtime';
import type { ConsumerInfo, JetStreamManager } from '@nats-io/jetstream';

import { judgeProgress, keepsUp, type Reading } from '../core/progress-verdict.ts';
import type { DurableConsumer } from './durable-consumer.ts';
import type { LossLedger } from './loss-ledger.ts';
import type { StreamPlaces } from './stream-places.ts';
import type { TelemetryStore } from './telemetry-store.ts';

const INTERVAL_MS = 2000;
const LAST_READING_MS = 1000;

/** Follows how far the consumers are, and what was lost before it came to them. */
export interface LagWatch {
  verdict(): { ok: boolean; detail: string };
  /** For a person: how far the collectors are, and what went wrong on the way. */
  account(): string;
  /** Once nothing is consumed any more. */
  stop(): Promise<void>;
}

export interface LagWatchOptions {
  name: string;
  requests: DurableConsumer;
  telemetry: DurableConsumer;
  manager: JetStreamManager;
  store: TelemetryStore;
  losses: LossLedger;
  places: StreamPlaces;
  /** No other collector worked when this one began: what was handed out before has no owner any more. */
  isFirst: boolean;
  /** Which generation of the store this collector writes. */
  generation(): number;
  stallMs: number;
  nowMs(): number;
  /** For how long all has been well without a break, ms. */
  steadyMs(): number;
  /** Told with every reading whether requests and telemetry are collected about as fast as they come. */
  onCaughtUp(isCaughtUp: boolean): void;
  /** Told with every reading when something was handed out last. */
  onDelivered(info: ConsumerInfo): void;
  /** Runs with every reading: keeps what must be there (a store may be wiped at any time). */
  onReading(): Promise<void>;
  log: Logger;
}

export function startLagWatch(options: LagWatchOptions): LagWatch {
  const { nowMs, stallMs } = options;
  let last: Reading | undefined;
  let floorMovedAtMs = 0;
  let lastTelemetry: Reading | undefined;
  const account = { ackFloor: 0, redeliveries: 0, lost: 0, deadLetters: 0 };

  const verdict = () => judgeProgress(last && { last, floorMovedAtMs }, nowMs(), stallMs);

  const read = async () => {
    const [requests, telemetry] = await Promise.all([
      options.requests.info(),
      options.telemetry.info(),
    ]);
    options.onDelivered(telemetry);
    const atMs = nowMs();
    const reading = toReading(requests, atMs);
    const telemetryReading = toReading(telemetry, atMs);
    options.onCaughtUp(keepsUp(reading, last) && keepsUp(telemetryReading, lastTelemetry));
    lastTelemetry = telemetryReading;
    const idle = reading.pending + reading.ackPending === 0;
    if (!last || idle || reading.ackFloor !== last.ackFloor) floorMovedAtMs = atMs;
    const isFirstReading = last === undefined;
    last = reading;
    await options.onReading();
    for (const [consumer, info] of [
      [options.requests, requests],
      [options.telemetry, telemetry],
    ] as const) {
      if (await options.places.isForgotten(consumer, info)) await consumer.renew();
    }
    const isAfterOutage = isFirstReading && options.isFirst;
    await enterLosses(options, options.telemetry, telemetry, isAfterOutage);
    const { lost, redeliveries } = await enterLosses(
      options,
      options.requests,
      requests,
      isAfterOutage,
    );
    const deadLetters = await report(options, reading, verdict());
    Object.assign(account, { ackFloor: reading.ackFloor, lost, redeliveries, deadLetters });
  };
  /** One at a time: an answer that comes late must not count as newer than one that came before it. */
  let reading: Promise<void> | undefined;
  const tick = () => {
    reading ??= read()
      .catch((err: Error) => {
        options.onCaughtUp(false);
        options.log.debug({ err }, 'could not read the lag');
      })
      .finally(() => (reading = undefined));
  };
  const timer = setInterval(tick, INTERVAL_MS);
  tick();

  return {
    verdict,
    account: () =>
      `ack floor ${account.ackFloor}, ${account.redeliveries} handed out again, ${account.lost} lost, ${account.deadLetters} dead letters`,
    async stop() {
      clearInterval(timer);
      // The last reading, so that the next collector knows how far this one came.
      const readLast = async () => {
        await reading;
        await read().catch(() => undefined);
      };
      await Promise.race([readLast(), delay(LAST_READING_MS)]);
    },
  };
}

/** The sign of life that others judge the pipeline by. @returns how many dead letters there are */
async function report(
  options: LagWatchOptions,
  { atMs, pending, ackPending }: Reading,
  { ok, detail }: { ok: boolean; detail: string },
): Promise<number> {
  const { state } = await options.manager.streams.info(STREAMS.deadLetters);
  await options.store.reportCollector(options.name, {
    ...{ seenAtMs: atMs, pending, ackPending, deadLetters: state.messages },
    generation: options.generation(),
    steadyMs: Math.round(options.steadyMs()),
    ...(ok ? {} : { problem: detail }),
  });
  return state.messages;
}

async function enterLosses(
  { losses, log }: LagWatchOptions,
  consumer: DurableConsumer,
  info: ConsumerInfo,
  isAfterOutage: boolean,
): Promise<StoredLoss> {
  const { first_seq: first } = await consumer.streamState();
  const { loss, more } = await losses.enter(info.stream_name, {
    first,
    delivered: info.delivered.stream_seq,
    deliveries: info.delivered.consumer_seq,
    redeliveries: consumer.takeRedeliveries(),
    ackFloor: info.ack_floor.stream_seq,
    isAfterOutage,
  });
  if (more > 0) {
    log.error(
      { stream: info.stream_name, lost: more },
      'the stream dropped events before they were collected: no figure has them',
    );
  }
  return loss;
}

function toReading(info: ConsumerInfo, atMs: number): Reading {
  return {
    atMs,
    pending: info.num_pending,
    ackPending: info.num_ack_pending,
    ackFloor: info.ack_floor.stream_seq,
  };
}
