import { DEMO_SUBJECT } from '@llm-monitor/contracts/bus';
import type { DemoState } from '@llm-monitor/contracts/rest';
import type { Logger, TlsSettings } from '@llm-monitor/runtime';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';

import type { Bus } from './bus.ts';

const MINUTE_MS = 60_000;
/** Nobody watches a demo for longer; who does starts it again. */
const PLAY_MS = 10 * MINUTE_MS;
const ANSWER_TIMEOUT_MS = 500;
/** Two replicas that begin at the same moment rarely say the same end. */
const END_SPREAD_MS = 10_000;
/** By then both can be heard. */
const SETTLE_AFTER_MS = 500;
const STOP_PATIENCE_MS = 5000;

const IDLE: DemoState = { running: false, until: null };

/** Plays demo traffic, or asks the replica that does. */
export interface DemoPlayer {
  /** @throws {BusAwayError} */
  state(): Promise<DemoState>;
  /** Plays from now on, unless somebody does. @throws {BusAwayError} */
  start(): Promise<DemoState>;
  /** @returns false where nobody played. @throws {BusAwayError} */
  stop(): Promise<boolean>;
  close(): Promise<void>;
}

/** Without NATS there is nothing that a demo could be played on. */
export class BusAwayError extends Error {
  constructor() {
    super('NATS is away');
    this.name = 'BusAwayError';
  }
}

interface DemoPlayerOptions {
  bus: Pick<Bus, 'connection'>;
  natsUrl: string;
  tls: TlsSettings | undefined;
  log: Logger;
  /** ms since 1970 */
  now(): number;
}

interface Playing {
  state: DemoState;
  stop: AbortController;
  ended: Promise<void>;
}

export function createDemoPlayer(options: DemoPlayerOptions): DemoPlayer {
  const { bus, log, now } = options;
  let playing: Playing | undefined;

  const connected = (): NatsConnection => {
    const connection = bus.connection();
    if (!connection) throw new BusAwayError();
    return connection;
  };
  const stopHere = async () => {
    playing?.stop.abort();
    await Promise.race([playing?.ended, patience(STOP_PATIENCE_MS)]);
  };
  const play = async (stopped: AbortSignal) => {
    // Only who plays needs its code.
    const { runDemo } = await import('@llm-monitor/demo');
    const { natsUrl, tls } = options;
    const nats = tls ? { tls } : undefined;
    await runDemo({ natsUrl, nats, random: Math.random, stopped, onEnd: () => undefined });
  };
  const begin = (connection: NatsConnection): DemoState => {
    const endsAtMs = now() + PLAY_MS + Math.floor(Math.random() * END_SPREAD_MS);
    const state = { running: true, until: new Date(endsAtMs).toISOString() };
    const stop = new AbortController();
    const listener = answerOthers(connection, state, () => void stopHere());
    const timer = setTimeout(() => stop.abort(), endsAtMs - now());
    const settling = setTimeout(() => {
      void isSecond(connection, state.until).then((isOneTooMany) => isOneTooMany && stop.abort());
    }, SETTLE_AFTER_MS);
    const ended = play(stop.signal)
      .catch((err: unknown) => log.error({ err }, 'the demo broke off'))
      .finally(() => {
        clearTimeout(timer);
        clearTimeout(settling);
        listener.unsubscribe();
        playing = undefined;
        log.info('demo traffic has ended');
      });
    playing = { state, stop, ended };
    log.info({ until: state.until }, 'demo traffic begins');
    return state;
  };
  return {
    state: async () => playing?.state ?? (await ask(connected(), 'state')) ?? IDLE,
    async start() {
      const connection = connected();
      const others = playing?.state ?? (await ask(connection, 'state'));
      return others ?? playing?.state ?? begin(connection);
    },
    async stop() {
      if (!playing) return (await ask(connected(), 'stop')) !== undefined;
      await stopHere();
      return true;
    },
    close: stopHere,
  };
}

/** What whoever plays says; undefined where nobody does. */
async function ask(
  connection: NatsConnection,
  question: 'state' | 'stop',
): Promise<DemoState | undefined> {
  try {
    const answer = await connection.request(DEMO_SUBJECT, question, { timeout: ANSWER_TIMEOUT_MS });
    return answer.json<DemoState>();
  } catch {
    return undefined;
  }
}

/** Does somebody else play whose demo ends earlier? Both ask, and both come to the same answer. */
async function isSecond(connection: NatsConnection, until: string): Promise<boolean> {
  try {
    const options = { strategy: 'timer', maxWait: ANSWER_TIMEOUT_MS } as const;
    for await (const answer of await connection.requestMany(DEMO_SUBJECT, 'state', options)) {
      if ((answer.json<DemoState>().until ?? until) < until) return true;
    }
  } catch {
    // Away: nobody can be heard, and the demo does not get through either.
  }
  return false;
}

function answerOthers(
  connection: NatsConnection,
  state: DemoState,
  onStop: () => void,
): Subscription {
  return connection.subscribe(DEMO_SUBJECT, {
    callback(error, message) {
      if (error) return;
      message.respond(JSON.stringify(state));
      if (message.string() === 'stop') onStop();
    },
  });
}

function patience(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
