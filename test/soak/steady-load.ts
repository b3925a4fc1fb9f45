import { SENT_AT_HEADER } from '@llm-monitor/contracts/events';
import { jetstream } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';

import { aCall, type Published } from '../helpers/an-event.ts';
import { mulberry32 } from '../helpers/load.ts';

const TICK_MS = 20;
/** A start, a first token and an end. */
const EVENTS_PER_CALL = 3;
const CALL_MS = 1500;
const TTFT_MS = 300;

/** What was published, and acknowledged by the broker. */
export interface SteadyTruth {
  started: number;
  completed: number;
  failed: number;
  cancelled: number;
  outputTokens: number;
}

/** Calls that start, speak and end all the time, at a steady rate. */
export interface SteadyLoad {
  truth: Readonly<SteadyTruth>;
  events(): number;
  /** Publishes nothing for the moment; resolves once all that was published is acknowledged. */
  pause(): Promise<void>;
  resume(): void;
  /** Stops for good; calls that run are left running. */
  stop(): Promise<void>;
}

export function startSteadyLoad(
  connection: NatsConnection,
  options: { eventsPerSecond: number; seed: number },
): SteadyLoad {
  const client = jetstream(connection, { timeout: 10_000 });
  const random = mulberry32(options.seed);
  const truth: SteadyTruth = { started: 0, completed: 0, failed: 0, cancelled: 0, outputTokens: 0 };
  /** Those that run, the oldest first. */
  const silent: { call: ReturnType<typeof aCall>; atMs: number }[] = [];
  const speaking: { call: ReturnType<typeof aCall>; atMs: number }[] = [];
  const underWay = new Set<Promise<unknown>>();
  let events = 0;
  let owed = 0;
  let lastMs = performance.now();
  let isPaused = false;

  const send = ({ subject, event }: Published, count: () => void) => {
    const given = headers();
    given.set(SENT_AT_HEADER, new Date().toISOString());
    const body = JSON.stringify(event);
    const sent = publishUntilAcked(() =>
      client.publish(subject, body, { headers: given, msgID: event.id }),
    )
      .then(() => {
        events += 1;
        count();
      })
      .finally(() => underWay.delete(sent));
    underWay.add(sent);
  };
  const startOne = (nowMs: number) => {
    const whole = (most: number) => Math.floor(random() * most);
    const call = aCall({ app: `app-${whole(5)}`, model: `model-${whole(6)}:8b` });
    silent.push({ call, atMs: nowMs });
    send(call.started(), () => (truth.started += 1));
  };
  const endOne = (call: ReturnType<typeof aCall>) => {
    const fate = random();
    if (fate < 0.05) return send(call.failed({ durationMs: CALL_MS }), () => (truth.failed += 1));
    if (fate < 0.08) {
      return send(call.cancelled({ durationMs: CALL_MS }), () => (truth.cancelled += 1));
    }
    const outputTokens = 1 + Math.floor(random() * 500);
    const usage = { inputTokens: 100, outputTokens, source: 'server' as const };
    return send(call.completed({ durationMs: CALL_MS, ttftMs: TTFT_MS, usage }), () => {
      truth.completed += 1;
      truth.outputTokens += outputTokens;
    });
  };
  const tick = () => {
    const nowMs = performance.now();
    owed += ((nowMs - lastMs) * options.eventsPerSecond) / 1000 / EVENTS_PER_CALL;
    lastMs = nowMs;
    if (isPaused) {
      owed = 0;
      return;
    }
    for (; owed >= 1; owed -= 1) startOne(nowMs);
    for (; silent[0] && nowMs - silent[0].atMs >= TTFT_MS;) {
      const one = silent.shift()!;
      send(one.call.firstToken(TTFT_MS), () => undefined);
      speaking.push(one);
    }
    for (; speaking[0] && nowMs - speaking[0].atMs >= CALL_MS;) endOne(speaking.shift()!.call);
  };
  const timer = setInterval(tick, TICK_MS);
  const pause = async () => {
    isPaused = true;
    await Promise.all(underWay);
  };
  return {
    truth,
    events: () => events,
    pause,
    resume() {
      isPaused = false;
    },
    async stop() {
      clearInterval(timer);
      await pause();
    },
  };
}

/** A broker that is busy for longer than a publish waits must not end a run of half an hour: an event twice is counted once. */
async function publishUntilAcked(publish: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await publish();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
