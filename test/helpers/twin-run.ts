import { createMonitor, type MonitorOptions } from '@llm-monitor/client';
import { Ollama as MonitoredOllama } from '@llm-monitor/client/ollama';
import type { FakeOllamaOptions, Script } from '@llm-monitor/fake-ollama';
import { Ollama, type Config } from 'ollama';

import { startFakeOllama, type RunningFakeOllama } from './fake-ollama.ts';

/** What a program saw of its calls. */
export interface Observation {
  value?: unknown;
  error?: Record<string, unknown>;
  /** What it noted on its way. */
  notes: unknown[];
  /** What the server got. */
  received: unknown[];
}

/** A program that uses `ollama`. `note` keeps what it sees on its way. */
export type Program = (
  ollama: Ollama,
  note: (seen: unknown) => void,
  server: RunningFakeOllama,
) => Promise<unknown>;

/** Every answer is the same one, to the byte. */
export const SAME_EVERY_TIME: Script = {
  createdAt: '2026-01-01T00:00:00Z',
  final: { total_duration: 5_000_000, load_duration: 1, prompt_eval_duration: 2, eval_duration: 3 },
};

/** Runs a program with the bare client and with the monitored one, against one fake server each. */
export async function twinRun(
  program: Program,
  options: {
    natsUrl: string;
    app: string;
    respond?: FakeOllamaOptions['respond'];
    server?: Omit<FakeOllamaOptions, 'respond'>;
    config?: Partial<Config>;
    monitor?: MonitorOptions;
  },
): Promise<{ bare: Observation; monitored: Observation }> {
  const { natsUrl, app, respond = () => ({}), config = {} } = options;
  const monitor = createMonitor({ natsUrl, app, ...options.monitor });
  const run = async (client: (host: string) => Ollama): Promise<Observation> => {
    const server = await startFakeOllama({
      ...options.server,
      respond: (request) => ({ ...SAME_EVERY_TIME, ...respond(request) }),
    });
    const notes: unknown[] = [];
    const observation: Observation = { notes, received: [] };
    try {
      observation.value = await program(
        client(server.url),
        (seen) => void notes.push(seen),
        server,
      );
    } catch (error) {
      observation.error = errorOf(error);
    }
    await server.close();
    observation.received = server.requests.map(({ method, path, headers, text }) => {
      const { host: _, ...rest } = headers;
      return { method, path, headers: rest, text };
    });
    return withoutPort(observation, server.url);
  };
  try {
    return {
      bare: await run((host) => new Ollama({ ...config, host })),
      monitored: await run((host) => new MonitoredOllama({ ...config, host, monitor })),
    };
  } finally {
    await monitor.close();
  }
}

/** All that a program can tell of an error, and of what caused it. */
export function errorOf(thrown: unknown): Record<string, unknown> {
  if (typeof thrown !== 'object' || thrown === null) return { thrown };
  const { name, message, status_code, code, errno, syscall, cause } = thrown as Record<
    string,
    unknown
  >;
  return {
    class: (thrown as object).constructor.name,
    ...{ name, message, status_code, code, errno, syscall },
    ...(cause ? { cause: errorOf(cause) } : {}),
  };
}

/** Each run has a server of its own: its port is no difference. */
function withoutPort(observation: Observation, url: string): Observation {
  const { port } = new URL(url);
  return JSON.parse(JSON.stringify(observation).replaceAll(port, 'PORT')) as Observation;
}
