import type { FakeOllamaOptions } from '@llm-monitor/fake-ollama';

import { startFakeOllama, type RunningFakeOllama } from './fake-ollama.ts';
import type { TwinServer } from './twin-run.ts';

/** Serves what a fake Ollama does. Every answer is the same one, to the byte. */
export function fake(
  options: FakeOllamaOptions = {},
): () => Promise<TwinServer & RunningFakeOllama> {
  const { respond = () => ({}), ...rest } = options;
  return async () => {
    const server = await startFakeOllama({
      ...rest,
      respond: (request) => ({
        createdAt: '2026-01-01T00:00:00Z',
        final: { total_duration: 5, load_duration: 1, prompt_eval_duration: 2, eval_duration: 3 },
        ...respond(request),
      }),
    });
    const served = () =>
      server.requests.map(({ method, path, headers, text }) => ({
        ...{ method, path, text },
        headers: Object.entries(headers).filter(([name]) => !name.startsWith('x-llm-monitor-')),
      }));
    return { ...server, served };
  };
}
