import { createMonitor, type MonitorOptions } from '@llm-monitor/client';
import { Ollama, type MonitoredConfig } from '@llm-monitor/client/ollama';
import {
  Envelope,
  RequestEndedData,
  RequestFirstTokenData,
  RequestStartedData,
  SENT_AT_HEADER,
} from '@llm-monitor/contracts/events';
import type { Config } from 'ollama';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, expect } from 'vitest';

import { collectEvents, type Collected, type CollectedCall } from './collect-events.ts';
import { startNats, type NatsServer } from './start-nats.ts';
import { observe, WAYS } from './twin-run.ts';
import type { Observation, Program, TwinServer, Way } from './twin-run.ts';

/** How a program is run and what is expected of its calls. */
export interface TwinOptions {
  /** How many calls must have ended. Default 1. */
  calls?: number;
  /** In which ways it is monitored. Default: the drop-in, and a monitored fetch that knows nothing of ollama-js. */
  ways?: readonly Way[];
  /** Ways in which nothing tells of the end, so that only the two programs are compared. */
  untold?: readonly Way[];
  config?: () => Partial<Config>;
  monitor?: MonitorOptions;
}

/** What the bus was told of one monitored run. */
export interface Told {
  way: Way;
  app: string;
  calls: CollectedCall[];
  /** The `data` of the calls' end events. */
  ended: RequestEndedData[];
}

/** A bus for a file of cases, and the runs against it. */
export function useTwinCases() {
  let nats: NatsServer;
  let events: Awaited<ReturnType<typeof collectEvents>>;
  let runs = 0;
  /** The app of the monitored run that is under way; none while the bare program runs. */
  let running: string | undefined;
  beforeAll(async () => {
    nats = await startNats();
    events = await collectEvents(nats.url);
  });
  afterAll(async () => {
    await events.stop();
    await nats.stop();
  });

  /** Runs a program bare and monitored, expects both to be the same in everything, and gives what the bus was told. */
  async function expectSame<Server extends TwinServer>(
    program: Program<Server>,
    serve: () => Promise<Server>,
    options: TwinOptions = {},
  ): Promise<{ bare: Observation; told: Told[] }> {
    const { ways = ['drop-in', 'fetch'], config = () => ({}), calls = 1 } = options;
    const told: Told[] = [];
    let bare: Observation | undefined;
    for (const way of ways) {
      const { bare: bareClient, monitored } = WAYS[way];
      const app = `case-${(runs += 1)}-${way}`;
      const theirs = await observe(program, (host) => bareClient({ ...config(), host }), serve);
      const monitor = createMonitor({ app, natsUrl: nats.url, ...options.monitor });
      const client = (host: string) => monitored({ ...config(), host }, monitor);
      running = app;
      const ours = await observe(program, client, serve);
      running = undefined;
      expect(ours).toEqual(theirs);
      bare ??= theirs;
      const isTold = !options.untold?.includes(way);
      if (isTold && calls > 0) await events.endedCalls(app, calls);
      await monitor.close();
      await events.sync();
      if (isTold) told.push(readTold(way, app, calls));
    }
    if (!bare) throw new Error('no way to run');
    return { bare, told };
  }

  /** Runs a program with the drop-in alone, for what the bare client cannot do. */
  async function expectMonitored<Server extends TwinServer>(
    program: Program<Server>,
    serve: () => Promise<Server>,
    config: MonitoredConfig,
  ): Promise<{ observed: Observation; told: Told }> {
    const app = `case-${(runs += 1)}-alone`;
    const monitor = createMonitor({ app, natsUrl: nats.url });
    const client = (host: string) => new Ollama({ ...config, host, monitor });
    const observed = await observe(program, client, serve);
    await events.endedCalls(app);
    await monitor.close();
    await events.sync();
    return { observed, told: readTold('drop-in', app, 1) };
  }

  function readTold(way: Way, app: string, count: number): Told {
    const calls = events.calls(app);
    for (const call of calls) expectWholeCall(call);
    expect(calls).toHaveLength(count);
    return { way, app, calls, ended: calls.map((call) => call.ended[0]!.event.data) };
  }

  return {
    expectSame,
    expectMonitored,
    /** Within a program: waits until so many of its calls have ended on the bus. Of a bare program there are none. */
    lastEnded: (count: number) => (running ? events.endedCalls(running, count) : []),
    get natsUrl() {
      return nats.url;
    },
    get events() {
      return events;
    },
  };
}

/** One start, at most one first token, exactly one end; each as its schema says, and all of its text well-formed. */
export function expectWholeCall({ started, firstToken, ended }: CollectedCall): void {
  expect(started).toHaveLength(1);
  expect(firstToken.length).toBeLessThanOrEqual(1);
  expect(ended).toHaveLength(1);
  for (const one of started) expectValid(RequestStartedData, one);
  for (const one of firstToken) expectValid(RequestFirstTokenData, one);
  for (const one of ended) expectValid(RequestEndedData, one);
}

/** Checks a message against its schema, and that it says where it was sent from. */
export function expectValid(schema: TSchema, message: Collected<unknown>): void {
  expect([...Value.Errors(Envelope, message.event)]).toEqual([]);
  expect([...Value.Errors(schema, message.event.data)]).toEqual([]);
  expect(Date.parse(message.headers?.get(SENT_AT_HEADER) ?? '')).toBeGreaterThan(0);
}
