import type { HostSampledData, UnseenActivityData } from '@llm-monitor/contracts/events';
import type { NatsConnection } from '@nats-io/transport-node';

import { freePort } from './free-port.ts';
import { projectRoot } from './project-root.ts';
import { startProgram, type Program } from './start-program.ts';
import { startService, type Service } from './start-service.ts';
import { waitFor } from './wait-for.ts';

/** Starts one of `test/integration/programs/` on a free port and waits until it answers. */
export async function startServer(
  name: 'busy-server' | 'fake-ollama',
): Promise<Program & { port: number; url: string }> {
  const port = await freePort();
  const program = startProgram(process.execPath, [
    `${projectRoot()}/test/integration/programs/${name}.mjs`,
    String(port),
  ]);
  const url = `http://127.0.0.1:${port}`;
  await waitFor(`${name} to answer`, async () => (await fetch(url)).status > 0);
  return { ...program, port, url };
}

/** What an agent has said of its machine. */
export interface AgentWords {
  samples: HostSampledData[];
  unseen: UnseenActivityData[];
  /** The first sample from now on that matches. */
  sample(what: string, matches: (sample: HostSampledData) => boolean): Promise<HostSampledData>;
}

export async function hearAgents(bus: NatsConnection): Promise<AgentWords> {
  const samples: HostSampledData[] = [];
  const unseen: UnseenActivityData[] = [];
  bus.subscribe('llm.host.>', {
    callback: (_, message) => {
      const { data } = message.json<{ data: unknown }>();
      if (message.subject.startsWith('llm.host.sampled.')) samples.push(data as HostSampledData);
      else unseen.push(data as UnseenActivityData);
    },
  });
  await bus.flush();
  return {
    samples,
    unseen,
    sample(what, matches) {
      const from = samples.length;
      return waitFor(what, () => samples.slice(from).find(matches), { timeoutMs: 40_000 });
    },
  };
}

/** An agent whose only server is Ollama at `ollamaUrl`, or none, and that passes nothing on. */
export async function startAgent(
  natsUrl: string,
  env: Record<string, string | undefined> = {},
): Promise<Service> {
  const nothing = `http://127.0.0.1:${await freePort()}`;
  const defaults = { NATS_URL: natsUrl, OLLAMA_URL: nothing, PROXY_LISTEN: 'off' };
  return startService('agent', { ...defaults, ...env }, { until: 'ready' });
}
