import type { Monitor } from '@llm-monitor/client';
import { Ollama as MonitoredOllama } from '@llm-monitor/client/ollama';
import { Ollama as MonitoredBrowserOllama } from '@llm-monitor/client/ollama/browser';
import { Ollama, type Config } from 'ollama';
import { Ollama as BrowserOllama } from 'ollama/browser';
import { vi } from 'vitest';

import { describeThrown, describeValue } from './describe-value.ts';

/** What a program saw of its calls, and what the server saw of the program. All of it is text, to be compared. */
export interface Observation {
  value?: string;
  error?: string;
  /** What it noted on its way, and what was written to the console meanwhile, in order. */
  notes: string[];
  /** What the server got and how each answer went. */
  served: unknown;
}

/** A server that both programs find the same. */
export interface TwinServer {
  url: string;
  /** What reached it, to be compared. */
  served(): unknown;
  close(): Promise<void>;
}

/** A program that uses `ollama`. `note` keeps what it sees on its way. */
export type Program<Server extends TwinServer = TwinServer> = (
  ollama: Ollama,
  note: (seen: unknown) => void,
  server: Server,
  /** Another client of the same server. */
  another: () => Ollama,
) => Promise<unknown>;

type Settings = Partial<Config> & { host: string };

/** The ways in which a program may be monitored: each must be like its bare counterpart. */
export const WAYS = {
  'drop-in': {
    bare: (config: Settings) => new Ollama(config),
    monitored: (config: Settings, monitor: Monitor): Ollama =>
      new MonitoredOllama({ ...config, monitor }),
  },
  fetch: {
    bare: (config: Settings) => new Ollama(config),
    monitored: (config: Settings, monitor: Monitor) =>
      new Ollama({ ...config, fetch: monitor.fetch(config.fetch) }),
  },
  browser: {
    bare: (config: Settings) => new BrowserOllama(config) as unknown as Ollama,
    monitored: (config: Settings, monitor: Monitor) =>
      new MonitoredBrowserOllama({ ...config, monitor }) as unknown as Ollama,
  },
} as const;
export type Way = keyof typeof WAYS;

/** Runs a program against a server of its own and keeps everything that can be observed. */
export async function observe<Server extends TwinServer>(
  program: Program<Server>,
  client: (host: string) => Ollama,
  serve: () => Promise<Server>,
): Promise<Observation> {
  const server = await serve();
  const { port } = new URL(server.url);
  const plain = (text: string) => text.replaceAll(port, 'PORT');
  const notes: string[] = [];
  const note = (seen: unknown) => void notes.push(plain(describeValue(seen)));
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((...said: unknown[]) => note([name, ...said])),
  );
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  const observation: Observation = { notes, served: undefined };
  try {
    const another = () => client(server.url);
    observation.value = plain(describeValue(await program(another(), note, server, another)));
  } catch (error) {
    observation.error = plain(describeValue(describeThrown(error)));
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    for (const spy of spies) spy.mockRestore();
    observation.served = JSON.parse(plain(JSON.stringify(await server.served())));
    await server.close();
  }
  return observation;
}
