import type { ListedModel, LoadedModel } from '@llm-monitor/contracts/events';
import { Ollama } from 'ollama';

import { listedModels, loadedModels } from '../core/ollama-models.ts';

const TIMEOUT_MS = 2000;

/** An Ollama that may or may not be there. Each read throws when it is not. */
export interface OllamaServer {
  version(): Promise<string>;
  listed(): Promise<ListedModel[]>;
  loaded(): Promise<LoadedModel[]>;
}

export function createOllamaServer(url: string): OllamaServer {
  const ollama = new Ollama({
    host: url,
    fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }),
  });
  return {
    version: async () => (await ollama.version()).version,
    listed: async () => listedModels((await ollama.list()).models),
    loaded: async () => loadedModels((await ollama.ps()).models),
  };
}
