import { inboxPrefix, subjects } from '@llm-monitor/contracts/bus';

import type { CallContext } from '../call/call-context.ts';
import { unref } from '../call/unref.ts';
import { parseBusUrl } from '../publish/bus-address.ts';
import { createPublisher } from '../publish/publisher.ts';
import { answerCancelCommand } from './cancel-command.ts';
import { createCallObserver, type CallObserver } from './call-observer.ts';
import { createDeferral } from './deferral.ts';
import { beatOf, heartbeatMessages } from './heartbeat-messages.ts';
import type { MonitorSettings } from './monitor-options.ts';
import { onProcessEnd } from './process-end.ts';

/** What a monitor has sent and still holds. */
export interface MonitorState {
  connected: boolean;
  /** False while the bus is there and keeps nothing, as one does whose disk is full. Known within 5 s of the first event. */
  storing: boolean;
  /** Events that the bus has not acknowledged. */
  queued: number;
  droppedEvents: number;
  droppedRequests: number;
  running: number;
}

/** Follows the calls of one app or of several over one connection to the bus. Creating it starts nothing; the first call does. */
export interface CallHub {
  /** The observer of an app's calls; always the same one for the same app. */
  observer(app: string): CallObserver;
  flush(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
  state(): MonitorState;
}

const DEFER_MS = 10;
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

/** @param settings whose `app` is the program itself; `anyApp`: it makes calls in the name of others */
export function createCallHub(settings: MonitorSettings, { anyApp }: { anyApp: boolean }): CallHub {
  const { app, instance, host } = settings;
  const observers = new Map<string, CallObserver>();
  let beats = 0;
  let beating: NodeJS.Timeout | undefined;
  // Apps whose running calls have a lease on this connection.
  const greeted = new Set<string>();
  let forget: (() => void) | undefined;

  const all = () => [...observers.values()];
  const runningCount = () => all().reduce((sum, one) => sum + one.runningIds().length, 0);
  const publisher = createPublisher({
    url: settings.natsUrl,
    name: `llm-monitor client ${app}`,
    // A user of the bus may listen in its own inbox only.
    inboxPrefix: inboxPrefix(settings.nats.user ?? userOf(settings.natsUrl) ?? app),
    credentials: settings.nats,
    command: settings.cancel ? cancelCommand() : undefined,
    limits: { maxEvents: settings.maxBufferedEvents, maxBytes: MAX_BUFFERED_BYTES },
    onFailure: settings.debug ? complainOnce(settings.natsUrl) : () => undefined,
    onConnected() {
      greeted.clear();
      deferral.defer(() => undefined);
    },
  });
  const deferral = createDeferral(DEFER_MS, () => {
    publisher.pump();
    // An app's first heartbeat goes right behind its first start, so that a process that is killed next leaves a lease.
    const isNew = (one: CallObserver) => !greeted.has(one.app) && one.runningIds().length > 0;
    if (publisher.connected && all().some(isNew)) beat();
  });
  const context: CallContext = {
    ...settings,
    publish: (message) => publisher.add(message),
    publishProgress: (message) => void publisher.sendOnce(message, { lossy: true }),
  };

  function cancelCommand() {
    return {
      subject: anyApp ? subjects.cancelOfAnyApp(instance) : subjects.cancel(app, instance),
      answer: (payload: string) =>
        answerCancelCommand(payload, (requestId, by) => {
          for (const observer of observers.values()) {
            const reply = observer.cancel(requestId, by);
            if (reply) return reply;
          }
          return undefined;
        }),
    };
  }
  function beat(stopping = false): void {
    const { queued, droppedEvents, droppedRequests } = publisher;
    const [first] = observers.values();
    beats += 1;
    for (const observer of observers.values()) {
      // What was dropped is told once, and an app that rests needs no lease.
      const isFirst = observer === first;
      const losses = isFirst ? { queued, droppedEvents, droppedRequests } : {};
      const ids = observer.runningIds();
      // The first one that a proxy saw is no more its program than the others are; of it is said what the proxy dropped.
      const isGreeted =
        greeted.has(observer.app) || (isFirst && droppedEvents + droppedRequests > 0);
      const kind = beatOf({ isProgram: isFirst && !anyApp, running: ids.length, isGreeted });
      if (kind === 'none') continue;
      const messages = heartbeatMessages(
        {
          ...{ app: observer.app, instance, host, ...losses },
          ...(stopping || kind === 'last' ? { stopping: true } : {}),
          runningRequestIds: ids,
        },
        { atMs: Date.now(), number: beats },
      );
      for (const message of messages) {
        if (!publisher.sendOnce(message)) continue;
        if (kind === 'last') greeted.delete(observer.app);
        else greeted.add(observer.app);
      }
    }
  }
  function wake(): void {
    forget ??= onProcessEnd({ idle, signal, exit });
    if (beating) return;
    beating = unref(setInterval(() => beat(), settings.heartbeatIntervalMs));
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
  function endAll(by: string): void {
    for (const observer of observers.values()) observer.endAll(by);
  }
  async function signal(name: NodeJS.Signals): Promise<void> {
    deferral.runNow();
    endAll(name);
    await idle();
  }
  function exit(): void {
    deferral.runNow();
    endAll('process-exit');
    rest();
    publisher.pushAll();
    publisher.leave();
  }
  return {
    flush,
    observer(name) {
      let observer = observers.get(name);
      if (!observer) {
        const { abandonAfterMs } = settings;
        const named = { ...context, app: name };
        observer = createCallObserver({ deferral, abandonAfterMs, onBegin: wake, context: named });
        observers.set(name, observer);
      }
      return observer;
    },
    async close() {
      await flush(settings.flushTimeoutMs);
      rest();
      publisher.pushAll();
      publisher.stop();
      forget?.();
      forget = undefined;
    },
    state: () => ({
      connected: publisher.connected,
      storing: publisher.storing,
      queued: publisher.queued,
      droppedEvents: publisher.droppedEvents,
      droppedRequests: publisher.droppedRequests,
      running: runningCount(),
    }),
  };
}

function userOf(url: string): string | undefined {
  try {
    return parseBusUrl(url)[0]?.user;
  } catch {
    // What is wrong with it is said where it is dialled.
    return undefined;
  }
}

/** Each reason once: it is dialled for ever. */
function complainOnce(url: string): (reason: string) => void {
  const said = new Set<string>();
  const shown = url.replaceAll(/\/\/[^@/,]*@/g, '//');
  return (reason) => {
    if (said.has(reason)) return;
    said.add(reason);
    process.stderr.write(`llm-monitor: cannot reach ${shown}: ${reason}. Calls go on unseen.\n`);
  };
}
