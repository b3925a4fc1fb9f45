import { SENT_AT_HEADER } from '@llm-monitor/contracts/events';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';

import { aCall, type Published } from './an-event.ts';

/** What a load was made of, known before anything was counted. */
export interface Truth {
  started: number;
  completed: number;
  failed: number;
  timeouts: number;
  cancelled: number;
  inputTokens: number;
  outputTokens: number;
  durationMs: number;
}

/** Calls that differ in model, app, outcome, tokens and latency, the same for the same seed. */
export interface Load {
  events: Published[];
  truth: Truth;
  /** Of every completed call, in ms, in no order. */
  latencies: { durationMs: number; ttftMs: number }[];
}

/** What two or more loads say together. */
export function addLoads(...loads: readonly Load[]): Load {
  const sum = (name: keyof Truth) => loads.reduce((total, { truth }) => total + truth[name], 0);
  const names = Object.keys(noTruth()) as (keyof Truth)[];
  return {
    events: loads.flatMap(({ events }) => events),
    truth: Object.fromEntries(names.map((name) => [name, sum(name)])) as unknown as Truth,
    latencies: loads.flatMap(({ latencies }) => latencies),
  };
}

const noTruth = (): Truth => ({
  ...{ started: 0, completed: 0, failed: 0, timeouts: 0, cancelled: 0 },
  ...{ inputTokens: 0, outputTokens: 0, durationMs: 0 },
});

/** @param share.running the part of the calls that never ends */
export function createLoad(options: {
  seed: number;
  calls: number;
  share?: { running?: number; failed?: number; cancelled?: number };
}): Load {
  const random = mulberry32(options.seed);
  const { running = 0.05, failed = 0.1, cancelled = 0.05 } = options.share ?? {};
  const truth = noTruth();
  const events: Published[] = [];
  const latencies: Load['latencies'] = [];
  const whole = (most: number) => Math.floor(random() * most);
  for (let i = 0; i < options.calls; i++) {
    const call = aCall({
      requestId: `load-${options.seed}-${String(i).padStart(6, '0')}`,
      app: `app-${whole(3)}`,
      model: `model-${whole(4)}:8b`,
    });
    events.push(call.started());
    truth.started += 1;
    const fate = random();
    if (fate < running) continue;
    const durationMs = 50 + whole(20_000);
    if (fate < running + failed) {
      const isTimeout = random() < 0.3;
      events.push(call.failed({ durationMs, outcome: isTimeout ? 'timeout' : 'error' }));
      truth.failed += 1;
      if (isTimeout) truth.timeouts += 1;
    } else if (fate < running + failed + cancelled) {
      events.push(call.cancelled({ durationMs }));
      truth.cancelled += 1;
    } else {
      const usage = {
        inputTokens: whole(2000),
        outputTokens: 1 + whole(500),
        source: 'server',
      } as const;
      const ttftMs = whole(Math.min(500, durationMs));
      events.push(call.firstToken(ttftMs), call.completed({ durationMs, ttftMs, usage }));
      latencies.push({ durationMs, ttftMs });
      truth.completed += 1;
      truth.inputTokens += usage.inputTokens;
      truth.outputTokens += usage.outputTokens;
      truth.durationMs += durationMs;
    }
  }
  return { events, truth, latencies };
}

/** Puts the events into another order, the same for the same seed. */
export function shuffle<T>(items: readonly T[], seed: number): T[] {
  const random = mulberry32(seed);
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled;
}

export interface PublishedLoad {
  acked: number;
  duplicates: number;
  resent: number;
}

/**
 * Publishes events at about `perSecond`, each until the broker has acked it, so that what was published is known whatever
 * happens to the broker meanwhile.
 * @returns how many events the broker acked, how many of them it called duplicates, and how many were sent more than once since
 *   their first ack was late
 */
export async function publishLoad(
  connection: NatsConnection,
  events: readonly Published[],
  options: { perSecond?: number; withoutIds?: boolean } = {},
): Promise<PublishedLoad> {
  const client = jetstream(connection, { timeout: 2000 });
  const perTick = Math.max(1, Math.round((options.perSecond ?? Infinity) / 50));
  const result = { acked: 0, duplicates: 0, resent: 0 };
  for (let i = 0; i < events.length; i += Math.min(perTick, 1000)) {
    const tick = new Promise((resolve) => setTimeout(resolve, 20));
    const acks = await Promise.all(
      events
        .slice(i, i + Math.min(perTick, 1000))
        .map((event) => publishUntilAcked(client, event, options.withoutIds ?? false)),
    );
    result.acked += acks.length;
    result.duplicates += acks.filter((ack) => ack.duplicate).length;
    result.resent += acks.filter((ack) => ack.isResent).length;
    if (options.perSecond !== undefined) await tick;
  }
  return result;
}

async function publishUntilAcked(
  client: JetStreamClient,
  { subject, event }: Published,
  withoutId: boolean,
): Promise<{ duplicate: boolean; isResent: boolean }> {
  for (let isResent = false; ; isResent = true) {
    const given = headers();
    given.set(SENT_AT_HEADER, event.time);
    try {
      const { duplicate } = await client.publish(subject, JSON.stringify(event), {
        headers: given,
        ...(withoutId ? {} : { msgID: event.id }),
      });
      return { duplicate, isResent };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** A small seeded generator of numbers in [0, 1). Source: Tommy Ettinger's mulberry32, public domain. */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
