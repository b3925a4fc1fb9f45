import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

import { subjectToken } from '@llm-monitor/contracts/bus';

import { createPublisher } from '../publish/publisher.ts';
import { instrumentFetch, type Fetch } from '../transport/instrument-fetch.ts';
import { appName } from './app-name.ts';
import { createCallObserver, type CallObserver } from './call-observer.ts';
import { createDeferral } from './deferral.ts';
import { heartbeatMessages } from './heartbeat-messages.ts';
import { resolveSettings, type MonitorOptions, type MonitorSettings } from './monitor-options.ts';
import { onProcessEnd } from './process-end.ts';

/** What a monitor has sent and still holds. */
export interface MonitorState {
  connected: boolean;
  /** Events that the bus has not acknowledged. */
  queued: number;
  droppedEvents: number;
  droppedRequests: number;
  running: number;
}

/** Watches the LLM calls of this process. Creating one starts nothing; its first call does. */
export interface Monitor {
  readonly app: string;
  readonly instance: string;
  readonly disabled: boolean;
  /**
   * A `fetch` that does what `fetch` (by default the global one) does, and publishes the LLM calls that pass.
   * `followsStreams` is for the integration of an SDK that tells of a stream's messages and aborts itself, which costs less.
   */
  fetch(fetch?: Fetch, options?: { followsStreams?: boolean }): Fetch;
  /** Resolves to true once the bus has everything, to false when it does not within `timeoutMs`. Never rejects. */
  flush(timeoutMs?: number): Promise<boolean>;
  /** Says goodbye to the bus. Calls that still run are no longer followed. */
  close(): Promise<void>;
  state(): MonitorState;
}

const DEFER_MS = 10;
const MAX_BUFFERED_CHARS = 16 * 1024 * 1024;

/** Creates a monitor. Never throws, whatever the options say. */
export function createMonitor(options: MonitorOptions = {}): Monitor {
  const host = hostname();
  const settings = resolveSettings(options, process.env, {
    app: () => appName(process.argv[1]),
    host,
    instance: subjectToken(`${host}-${process.pid}-${randomBytes(3).toString('hex')}`).slice(-128),
  });
  const parts = createParts(settings);
  return {
    app: settings.app,
    instance: settings.instance,
    disabled: settings.disabled,
    fetch: (fetch = globalThis.fetch, { followsStreams = false } = {}) =>
      settings.disabled ? fetch : instrumentFetch(fetch, () => parts.observer, { followsStreams }),
    flush: (timeoutMs = settings.flushTimeoutMs) => parts.flush(timeoutMs),
    close: parts.close,
    state: () => ({
      connected: parts.publisher.connected,
      queued: parts.publisher.queued,
      droppedEvents: parts.publisher.droppedEvents,
      droppedRequests: parts.publisher.droppedRequests,
      running: parts.observer.runningIds().length,
    }),
  };
}

function createParts(settings: MonitorSettings) {
  const { app, instance, host } = settings;
  let beats = 0;
  let beating: NodeJS.Timeout | undefined;
  let greeted = false;
  let forget: (() => void) | undefined;

  const publisher = createPublisher({
    url: settings.natsUrl,
    name: `llm-monitor client ${app}`,
    inboxPrefix: `_INBOX_${subjectToken(app)}`,
    limits: { maxEvents: settings.maxBufferedEvents, maxChars: MAX_BUFFERED_CHARS },
    onConnected() {
      greeted = false;
      deferral.defer(() => undefined);
    },
  });
  const deferral = createDeferral(DEFER_MS, () => {
    publisher.pump();
    // The first heartbeat goes right behind the first start, so that a process that is killed next leaves a lease.
    if (!greeted && publisher.connected && observer.runningIds().length > 0) beat();
  });
  const observer: CallObserver = createCallObserver({
    deferral,
    abandonAfterMs: settings.abandonAfterMs,
    onBegin: wake,
    context: {
      ...settings,
      publish: (message) => publisher.add(message),
      publishProgress: (message) => void publisher.sendOnce(message, { lossy: true }),
    },
  });

  function beat(stopping = false): void {
    const { queued, droppedEvents, droppedRequests } = publisher;
    const messages = heartbeatMessages(
      {
        ...{ app, instance, host, queued, droppedEvents, droppedRequests },
        ...(stopping ? { stopping } : {}),
        runningRequestIds: observer.runningIds(),
      },
      { atMs: Date.now(), number: (beats += 1) },
    );
    for (const message of messages) greeted = publisher.sendOnce(message);
  }
  function wake(): void {
    forget ??= onProcessEnd({ idle, signal, exit });
    if (beating) return;
    beating = setInterval(() => beat(), settings.heartbeatIntervalMs);
    beating.unref();
  }
  function rest(): void {
    clearInterval(beating);
    if (beating) beat(true);
    beating = undefined;
  }
  function flush(timeoutMs: number): Promise<boolean> {
    deferral.runNow();
    return publisher.flush(timeoutMs);
  }
  async function idle(): Promise<void> {
    deferral.runNow();
    if (!beating) return;
    await publisher.flush(settings.flushTimeoutMs);
    rest();
    publisher.pushAll();
  }
  async function signal(name: NodeJS.Signals): Promise<void> {
    deferral.runNow();
    observer.endAll(name);
    await idle();
  }
  function exit(): void {
    deferral.runNow();
    observer.endAll('process-exit');
    rest();
    publisher.pushAll();
  }
  async function close(): Promise<void> {
    await flush(settings.flushTimeoutMs);
    rest();
    publisher.pushAll();
    publisher.stop();
    forget?.();
    forget = undefined;
  }
  return { publisher, observer, flush, close };
}
