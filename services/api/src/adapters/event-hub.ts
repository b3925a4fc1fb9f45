import { fitsSubject } from '@llm-monitor/contracts/bus';
import { deadline, type Subscription } from '@nats-io/transport-node';

import { toServerSentEvent, type BridgedEvent, type Notice } from '../events/server-sent-event.ts';
import type { Bus } from './bus.ts';

/** Who listens. */
export interface EventListener {
  patterns: readonly string[];
  event(event: BridgedEvent): void;
  notice(notice: Notice): void;
}

/** Brings events from NATS to any number of listeners. A pattern is subscribed to once, however many want it. */
export interface EventHub {
  /** @returns how to stop it; undefined when NATS is away */
  listen(listener: EventListener): Listening | undefined;
  listeners(): number;
  /** Tells everybody that it is over. */
  close(): void;
}

/** Somebody's place among those who listen. */
export interface Listening {
  stop(): void;
  /** From when it resolves every event is heard. Rejects when NATS does not say so in time. */
  whenHeard(): Promise<void>;
}

/** NATS answers in a few milliseconds; who waits longer is better told. */
const HEARD_WITHIN_MS = 5000;

interface Shared {
  subscription: Subscription;
  listeners: Set<EventListener>;
}

export function createEventHub(bus: Bus): EventHub {
  const all = new Set<EventListener>();
  const byPattern = new Map<string, Shared>();
  const tellAll = (notice: Notice) => {
    for (const listener of all) listener.notice(notice);
  };
  // Whoever listens through an outage listens after it: the library subscribes anew by itself.
  const unwatch = bus.onChange((isUp) => tellAll(isUp ? 'back' : 'lost'));

  const subscribe = (pattern: string): Shared | undefined => {
    const connection = bus.connection();
    if (!connection) return undefined;
    const listeners = new Set<EventListener>();
    const subscription = connection.subscribe(pattern, {
      callback(error, message) {
        if (error) return;
        const event = toServerSentEvent(message.string());
        if (!event) return;
        for (const listener of listeners) {
          // An event that fits several of its patterns comes once.
          const first = listener.patterns.find((each) => fitsSubject(each, message.subject));
          if (first === pattern) listener.event(event);
        }
      },
    });
    return { subscription, listeners };
  };
  const leave = (listener: EventListener) => {
    all.delete(listener);
    for (const pattern of listener.patterns) {
      const shared = byPattern.get(pattern);
      shared?.listeners.delete(listener);
      if (!shared || shared.listeners.size > 0) continue;
      shared.subscription.unsubscribe();
      byPattern.delete(pattern);
    }
  };
  return {
    listen(listener) {
      const connection = bus.connection();
      if (!connection) return undefined;
      for (const pattern of listener.patterns) {
        const shared = byPattern.get(pattern) ?? subscribe(pattern);
        shared?.listeners.add(listener);
        if (shared) byPattern.set(pattern, shared);
      }
      all.add(listener);
      return {
        stop: () => leave(listener),
        // What others publish takes another way: until NATS has answered on this one, it may be there before the subscription.
        whenHeard: () => deadline(connection.flush(), HEARD_WITHIN_MS),
      };
    },
    listeners: () => all.size,
    close() {
      unwatch();
      tellAll('closing');
      for (const listener of [...all]) leave(listener);
    },
  };
}
