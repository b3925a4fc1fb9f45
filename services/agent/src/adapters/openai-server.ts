import { openAiModels } from '../core/openai-models.ts';
import type { InferenceServer } from './inference-server.ts';

const TIMEOUT_MS = 2000;

/** llama.cpp, vLLM, LM Studio and others with OpenAI's protocol. It has no word for what is loaded. */
export function createOpenAiServer(url: string): InferenceServer {
  const base = url.replace(/\/+(v1\/?)?$/, '');
  const read = () => fetch(`${base}/v1/models`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return {
    provider: 'openai',
    version: async () => null,
    async listed() {
      const answer = await read();
      // A server that wants a key, or has no such list, is there all the same.
      if (!answer.ok) return answer.body?.cancel().then(() => []) ?? [];
      return openAiModels(await answer.json().catch(() => undefined));
    },
    async loaded() {
      const answer = await read();
      await answer.body?.cancel();
      return [];
    },
  };
}
