import {
  createFakeOllama,
  type FakeOllama,
  type FakeOllamaOptions,
} from '@llm-monitor/fake-ollama';

import { freePort } from './free-port.ts';

export type { Script } from '@llm-monitor/fake-ollama';

/** A fake Ollama that listens. */
export interface RunningFakeOllama extends FakeOllama {
  url: string;
}

/** Starts a fake Ollama on a free port of 127.0.0.1. */
export async function startFakeOllama(options: FakeOllamaOptions = {}): Promise<RunningFakeOllama> {
  const fake = createFakeOllama(options);
  return { ...fake, url: await fake.listen(await freePort()) };
}
