import { createMonitor, type MonitorOptions } from '@llm-monitor/client';
import type { RequestEndedData, RequestStartedData } from '@llm-monitor/contracts/events';
import type { Script } from '@llm-monitor/fake-ollama';
import { afterAll, beforeAll, expect } from 'vitest';

import { collectEvents, type EventCollector } from './collect-events.ts';
import { describeThrown, describeValue } from './describe-value.ts';
import { startFakeOllama, type RunningFakeOllama } from './fake-ollama.ts';
import { startNats, type NatsServer } from './start-nats.ts';

/** What a program that uses some SDK is given. */
export interface Given {
  url: string;
  /** To be spread into the SDK's options: nothing when the program runs bare, else the monitored fetch. */
  own: { fetch?: typeof fetch };
  /** Keeps what the program sees on its way. */
  note(seen: unknown): void;
  server: RunningFakeOllama;
}
export type SdkProgram = (given: Given) => Promise<unknown>;

export interface SdkOptions {
  /** The answers, in the order of the requests; the last one again for all that follow. */
  script?: Script | readonly Script[];
  /** How many calls must have ended. Default 1. */
  calls?: number;
  monitor?: MonitorOptions;
}

/** A call as the bus was told of it. */
export interface ToldCall {
  started: RequestStartedData;
  ttftMs: number | undefined;
  ended: RequestEndedData;
  /** All of its events, as text. */
  text: string;
}

/** A bus for a file of programs, and the runs against it. */
export function useTwinSdk() {
  let nats: NatsServer;
  let events: EventCollector;
  let runs = 0;
  beforeAll(async () => {
    nats = await startNats();
    events = await collectEvents(nats.url);
  });
  afterAll(async () => {
    await events.stop();
    await nats.stop();
  });

  /** Runs a program bare and monitored, expects both to be the same in everything, and gives what the bus was told. */
  async function expectSame(
    program: SdkProgram,
    options: SdkOptions = {},
  ): Promise<{ bare: Observation; calls: ToldCall[] }> {
    const { script = {}, calls = 1 } = options;
    const app = `sdk-${(runs += 1)}`;
    const bare = await observe(program, {}, script);
    const monitor = createMonitor({ app, natsUrl: nats.url, ...options.monitor });
    const monitored = await observe(program, { fetch: monitor.fetch() }, script);
    expect(monitored).toEqual(bare);
    if (calls > 0) await events.endedCalls(app, calls);
    await monitor.close();
    const told = events.calls(app).map(({ started, firstToken, ended }): ToldCall => {
      expect([started.length, ended.length]).toEqual([1, 1]);
      return {
        started: started[0]!.event.data,
        ttftMs: firstToken[0]?.event.data.ttftMs,
        ended: ended[0]!.event.data,
        text: JSON.stringify(
          [started, firstToken, ended].map((list) => list.map((one) => one.event)),
        ),
      };
    });
    expect(told).toHaveLength(calls);
    return { bare, calls: told };
  }

  return { expectSame };
}

interface Observation {
  value?: string;
  error?: string;
  notes: string[];
  /** What the server got. */
  received: unknown;
}

async function observe(
  program: SdkProgram,
  own: Given['own'],
  scripts: Script | readonly Script[],
): Promise<Observation> {
  const answers = Array.isArray(scripts) ? (scripts as readonly Script[]) : [scripts as Script];
  let asked = 0;
  const server = await startFakeOllama({
    respond: () => ({ createdAt: '2026-01-01T00:00:00Z', ...(answers[asked++] ?? answers.at(-1)) }),
  });
  const { port } = new URL(server.url);
  const plain = (text: string) => text.replaceAll(port, 'PORT').replaceAll(HTTP_DATE, 'DATE');
  const notes: string[] = [];
  const note = (seen: unknown) => void notes.push(plain(describeValue(seen)));
  const observation: Observation = { notes, received: undefined };
  try {
    observation.value = plain(describeValue(await program({ url: server.url, own, note, server })));
  } catch (error) {
    observation.error = plain(describeValue(describeThrown(error)));
  }
  const received = server.requests.map(({ method, path, headers, text }) => ({
    ...{ method, path, text },
    headers: Object.entries(headers).filter(([name]) => !name.startsWith('x-llm-monitor-')),
  }));
  observation.received = JSON.parse(plain(JSON.stringify(received)));
  await server.close();
  return observation;
}

const HTTP_DATE = /\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/g;
