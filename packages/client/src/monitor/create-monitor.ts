import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

import { subjectToken } from '@llm-monitor/contracts/bus';

import { trackRequest, type TrackedCall, type TrackInfo } from '../track/track-request.ts';
import { unwrapped } from '../transport/global-fetch.ts';
import { instrumentFetch, type Fetch } from '../transport/instrument-fetch.ts';
import { appName } from './app-name.ts';
import { createCallHub, type MonitorState } from './call-hub.ts';
import { resolveSettings, type MonitorOptions } from './monitor-options.ts';

export type { MonitorState };

/** Watches the LLM calls of this process. Creating one starts nothing; its first call does. */
export interface Monitor {
  readonly app: string;
  readonly instance: string;
  readonly disabled: boolean;
  /**
   * A `fetch` that does what `fetch` (by default the global one) does, and publishes the LLM calls that pass: those of Ollama,
   * and of servers that speak the protocols of OpenAI or Anthropic. A `fetch` that is given gets exactly the arguments that it is called with.
   */
  fetch(fetch?: Fetch, options?: FetchOptions): Fetch;
  /**
   * Follows a call that is made in any other way: runs `run`, gives back what it does and throws what it throws.
   */
  trackRequest<T>(info: TrackInfo, run: (call: TrackedCall) => T | Promise<T>): Promise<T>;
  /** Resolves to true once the bus has everything, to false when it does not within `timeoutMs`. Never rejects. */
  flush(timeoutMs?: number): Promise<boolean>;
  /** Says goodbye to the bus. Calls that still run are no longer followed. */
  close(): Promise<void>;
  state(): MonitorState;
}

/** For who integrates an SDK. */
export interface FetchOptions {
  /** The SDK's wrapper tells of a stream's messages and aborts itself, which costs less. */
  followsStreams?: boolean;
  /** Whether the given fetch must get the app's arguments unchanged. By default it must unless it is the runtime's own. */
  isCustom?: boolean;
  /** Which URLs may be looked at at all; by default all. */
  accepts?: (url: string) => boolean;
}

/** Creates a monitor. Never throws, whatever the options say. */
export function createMonitor(options: MonitorOptions = {}): Monitor {
  const host = hostname();
  const settings = resolveSettings(options, process.env, {
    app: () => appName(process.argv[1]),
    host,
    instance: subjectToken(`${host}-${process.pid}-${randomBytes(3).toString('hex')}`).slice(-128),
  });
  const { app, instance, disabled, propagate } = settings;
  const hub = createCallHub(settings, { anyApp: false });
  return {
    ...{ app, instance, disabled },
    fetch(fetch = globalThis.fetch, { followsStreams = false, isCustom, accepts } = {}) {
      if (disabled) return fetch;
      const inner = unwrapped(fetch);
      return instrumentFetch(inner, () => hub.observer(app), {
        ...{ followsStreams, propagate },
        isCustom: isCustom ?? inner !== unwrapped(globalThis.fetch),
        ...(accepts ? { accepts } : {}),
      });
    },
    trackRequest: (info, run) =>
      trackRequest(disabled ? undefined : () => hub.observer(app), info, run),
    flush: (timeoutMs = settings.flushTimeoutMs) => hub.flush(timeoutMs),
    close: hub.close,
    state: hub.state,
  };
}
