import type { Monitor } from '../monitor/create-monitor.ts';
import { patientFetch } from './patient-fetch.ts';

/** How {@link queryOllamaMonitored} asks; all of it may be left out. */
export interface QueryOptions {
  model?: string;
  /** Seconds. */
  timeout?: number;
  /** Where Ollama is; OLLAMA_HOST, else `http://127.0.0.1:11434`. */
  host?: string;
  /** Which monitor sees the call; by default the one that the environment configures. */
  monitor?: Monitor;
}

/**
 * Asks a model and resolves to its whole answer. Defaults: `mistral`, 1,800 seconds.
 * @throws what `ollama` throws; a `TimeoutError` (DOMException) when the time is over
 */
export async function queryOllamaMonitored(
  prompt: string,
  options: QueryOptions = {},
): Promise<string> {
  const { model = 'mistral', timeout = 1800, monitor } = options;
  if (typeof prompt !== 'string') throw new TypeError('The prompt must be a string.');
  // Loaded only here: who monitors another SDK need not have `ollama`.
  const { Ollama } = await import('../ollama/index.ts');
  const signal = AbortSignal.timeout(Math.round(timeout * 1000));
  const host = options.host ?? process.env['OLLAMA_HOST'];
  const client = new Ollama({
    ...(host ? { host } : {}),
    ...(monitor ? { monitor } : {}),
    fetch: patientFetch(signal),
  });
  // Streamed, so that the monitor can show how far it is.
  const stream = await client.generate({ model, prompt, stream: true });
  let answer = '';
  for await (const part of stream) answer += part.response;
  return answer;
}

/** The same for a small model and a short answer. Defaults: `phi3`, 600 seconds. */
export function queryOllamaFastMonitored(
  prompt: string,
  options: QueryOptions = {},
): Promise<string> {
  return queryOllamaMonitored(prompt, { model: 'phi3', timeout: 600, ...options });
}
