import { Ollama } from 'ollama';

import { listedModels, loadedModels } from '../core/ollama-models.ts';
import type { InferenceServer } from './inference-server.ts';

const TIMEOUT_MS = 2000;

export function createOllamaServer(url: string): InferenceServer {
  const ollama = new Ollama({
    host: url,
    // An answer that is an error does not reach the library: it would say on stdout that it reads it, at each look.
    fetch: async (input, init) => {
      const answer = await fetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (answer.ok) return answer;
      await answer.body?.cancel();
      throw new Error(`${url} answered ${answer.status}`);
    },
  });
  return {
    provider: 'ollama',
    version: async () => (await ollama.version()).version,
    listed: async () => listedModels((await ollama.list()).models),
    loaded: async () => loadedModels((await ollama.ps()).models),
  };
}
