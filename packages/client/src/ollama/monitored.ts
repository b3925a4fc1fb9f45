import type { Config } from 'ollama';

import type { Monitor } from '../monitor/create-monitor.ts';
import { defaultMonitor } from '../monitor/default-monitor.ts';
import { watchForDrop } from '../transport/drop-watch.ts';
import { held, type Held } from '../transport/held.ts';
import { isOwnFetch } from '../transport/own-fetch.ts';
import { begunBy, callOfSignal, type Begun, type Fetch } from '../transport/instrument-fetch.ts';
import type { Abortable, OpenCall } from '../transport/open-call.ts';
import {
  hookIterator,
  isAbortableIterator,
  signalOf,
  type AbortableIterator,
  type ConsumerListener,
} from './hook-iterator.ts';

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
export function followed<T>(run: () => Promise<T>, abortOnBreak: boolean): Promise<T> {
  const { result, begun } = begunBy(run);
  // Who replaces the SDK's method may give back what is no promise. No async function: it takes longer, and more memory.
  return Promise.resolve(result).then((value) => {
    followConsumer(value, begun, abortOnBreak);
    return value;
  });
}

function followConsumer(result: unknown, begun: Begun, abortOnBreak: boolean): void {
  if (!isAbortableIterator(result)) return;
  const signal = signalOf(result);
  const call = signal && callOfSignal(signal, begun);
  if (!call) return;
  watchForDrop(result, call);
  const consumer = new Consumer(call, held(result, call), abortOnBreak);
  call.abortable(consumer);
  hookIterator(result, consumer);
}

/** Who reads a stream, as its call is told of it. */
class Consumer implements ConsumerListener, Abortable {
  private readonly call: OpenCall;
  // Not the stream itself: what aborts the call would hold it too.
  private readonly stream: Held<AbortableIterator>;
  private readonly abortOnBreak: boolean;

  constructor(call: OpenCall, stream: Held<AbortableIterator>, abortOnBreak: boolean) {
    this.call = call;
    this.stream = stream;
    this.abortOnBreak = abortOnBreak;
  }

  opened(): void {
    this.call.opened();
  }

  message(message: unknown): void {
    this.call.message(message);
  }

  threw(error: unknown): void {
    this.call.threw(error);
  }

  left(): void {
    this.call.left('cancelled', 'app');
    if (this.abortOnBreak) this.abort();
  }

  aborted(): void {
    this.call.aborted();
  }

  /** From outside. */
  abort(): void {
    this.stream.get()?.abort();
  }
}
