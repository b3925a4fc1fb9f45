import { setTimeout as delay } from 'node:timers/promises';

import type { Monitor } from '@llm-monitor/client';
import { Ollama } from '@llm-monitor/client/ollama';

import type { Ending, PlannedCall } from './plan-call.ts';

/** Header by which the fake server finds the script of a call. */
export const CALL_HEADER = 'x-demo-call';

/** Makes a planned call with the real client. @returns how it ended, as the app saw it */
export async function makeCall(
  call: PlannedCall,
  options: { host: string; monitor: Monitor; key: string; stopped: AbortSignal },
): Promise<Ending> {
  const signals = [options.stopped];
  if (call.ending === 'timeout')
    signals.push(AbortSignal.timeout(Math.round(call.patienceMs ?? 0)));
  const ollama = new Ollama({
    host: options.host,
    monitor: options.monitor,
    headers: { [CALL_HEADER]: options.key },
    fetch: withSignals(signals),
  });
  const change = new AbortController();
  try {
    if (call.ending === 'cancelled') void changeMind(call.patienceMs ?? 0, ollama, change.signal);
    await consume(ollama, call);
    return 'completed';
  } catch (error) {
    if ((error as Error).name === 'AbortError') return 'cancelled';
    return (error as Error).name === 'TimeoutError' ? 'timeout' : 'failed';
  } finally {
    change.abort();
  }
}

async function consume(ollama: Ollama, call: PlannedCall): Promise<void> {
  const { model, prompt } = call;
  if (call.operation === 'embed') {
    await ollama.embed({ model, input: prompt });
    return;
  }
  const messages = [{ role: 'user', content: prompt }];
  if (!call.stream) {
    if (call.operation === 'chat') await ollama.chat({ model, messages });
    else await ollama.generate({ model, prompt });
    return;
  }
  const parts =
    call.operation === 'chat'
      ? await ollama.chat({ model, messages, stream: true })
      : await ollama.generate({ model, prompt, stream: true });
  for await (const part of parts) if (part.done) return;
}

async function changeMind(afterMs: number, ollama: Ollama, signal: AbortSignal): Promise<void> {
  try {
    await delay(afterMs, undefined, { signal });
    ollama.abort();
  } catch {
    // The call was over before.
  }
}

/** The client's own abort() reaches only streams that have begun: a call that waits for its answer would go on. */
function withSignals(signals: AbortSignal[]): typeof fetch {
  return (input, init) => {
    const own = init?.signal;
    return fetch(input, { ...init, signal: AbortSignal.any(own ? [own, ...signals] : signals) });
  };
}
