import { Ollama } from 'ollama';

import { listedModels, loadedModels } from '../core/ollama-models.ts';
import type { InferenceServer } from './inference-server.ts';

const TIMEOUT_MS = 2000;

export function createOllamaServer(url: string): InferenceServer {
  const ollama = new Ollama({
    host: url,
    fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }),
  });
  return {
    provider: 'ollama',
    version: async () => (await ollama.version()).version,
    listed: async () => listedModels((await ollama.list()).models),
    loaded: async () => loadedModels((await ollama.ps()).models),
  };
}
