import type { Config } from 'ollama';

import type { Monitor } from '../monitor/create-monitor.ts';
import { defaultMonitor } from '../monitor/default-monitor.ts';
import { held } from '../transport/held.ts';
import { isOwnFetch } from '../transport/own-fetch.ts';
import { begunBy, callOfSignal, type Begun, type Fetch } from '../transport/instrument-fetch.ts';
import { watchForDrop } from '../transport/tap-response.ts';
import { hookIterator, isAbortableIterator, signalOf } from './hook-iterator.ts';

/** The configuration of `ollama`, and what is particular to a monitored client. */
export interface MonitoredConfig extends Partial<Config> {
  /** Which monitor sees the calls: by default the one that the environment configures. */
  monitor?: Monitor;
  /** Also abort the request when a consumer leaves its loop early. The bare client, and this one by default, lets the server go on. */
  abortOnBreak?: boolean;
}

/** A fetch that finds its monitor at the first call. `inner` is captured now, as ollama-js does. */
function lazyFetch(inner: Fetch, monitor: Monitor | undefined, isCustom: boolean): Fetch {
  let instrumented: Fetch | undefined;
  return (input, init) => {
    instrumented ??= (monitor ?? defaultMonitor()).fetch(inner, { followsStreams: true, isCustom });
    return instrumented(input, init);
  };
}

/** The configuration to construct `ollama`'s own class with. */
export function monitoredConfig(config: MonitoredConfig | undefined): Partial<Config> {
  const { monitor, abortOnBreak: _, ...own } = config ?? {};
  const isCustom = own.fetch !== undefined && !isOwnFetch(own.fetch);
  return { ...own, fetch: lazyFetch(own.fetch ?? fetch, monitor, isCustom) };
}

/** Runs what makes a request, and follows the consumer of its result where that is streamed. */
export async function followed<T>(run: () => Promise<T>, abortOnBreak: boolean): Promise<T> {
  const made = begunBy(run);
  const result = await made.result;
  followConsumer(result, made.begun, abortOnBreak);
  return result;
}

function followConsumer(result: unknown, begun: Begun, abortOnBreak: boolean): void {
  if (!isAbortableIterator(result)) return;
  const signal = signalOf(result);
  const call = signal && callOfSignal(signal, begun);
  if (!call) return;
  watchForDrop(result, call);
  const resultOf = held(result, call);
  call.abortable(() => resultOf()?.abort());
  hookIterator(result, {
    opened: call.opened,
    message: call.message,
    threw: call.threw,
    aborted: call.aborted,
    left() {
      call.left('cancelled', 'app');
      // Not `result`: what aborts the call would hold it too.
      if (abortOnBreak) resultOf()?.abort();
    },
  });
}
