import { SENT_AT_HEADER } from '@llm-monitor/contracts/wire';

import { unref } from '../call/unref.ts';
import type { BusCommand } from './bus-connection.ts';
import type { BusCredentials } from './bus-credentials.ts';
import { createBusDialer } from './bus-dialer.ts';
import { handOver } from './hand-over.ts';
import {
  createEventBuffer,
  type BufferedEvent,
  type BufferLimits,
  type EventBuffer,
} from './event-buffer.ts';
import { isoTime } from '../call/iso-time.ts';
import type { RequestMessage } from '../call/request-message.ts';

/** Sends events without ever making anyone wait. */
export interface Publisher {
  /** Takes over a durable event; it is sent, acknowledged, sent again as needed. */
  add(message: RequestMessage): void;
  /** Sends at once and once, or not at all: progress, heartbeats. False when it was not sent. */
  sendOnce(message: { subject: string; payload: string }, options?: { lossy?: boolean }): boolean;
  /** Sends what may be sent now. */
  pump(): void;
  /** Sends everything now, synchronously as far as the operating system takes it. For the last moment of a process. */
  pushAll(): void;
  /** Lets another process send what has waited for the very first connection. For the last moment of a process. */
  leave(): void;
  /** Resolves to true when everything was acknowledged, to false after `timeoutMs` or when there is no hope. Keeps the process alive meanwhile. */
  flush(timeoutMs: number): Promise<boolean>;
  stop(): void;
  readonly connected: boolean;
  /** False from when the bus lets an event wait, or refuses it, until it stores one again. */
  readonly storing: boolean;
  readonly queued: number;
  readonly droppedEvents: number;
  readonly droppedRequests: number;
}

const WINDOW = 256;
const TICK_MS = 1000;
const FIRST_RESEND_MS = 2000;
const LONGEST_RESEND_MS = 60_000;
const ROUND_TRIP_TIMEOUT_MS = 5000;
const LOSSY_BACKLOG_BYTES = 256 * 1024;
const STORES_NOTHING =
  'it takes events, but stores none: its disk is full, or no collector has made its streams yet';

/** Begins to dial with the first event. Never throws: why the bus is not reached is told to `onFailure`. */
export function createPublisher(options: {
  url: string;
  name: string;
  inboxPrefix: string;
  credentials: BusCredentials;
  /** Answered while there is a connection. */
  command: BusCommand | undefined;
  limits: BufferLimits;
  /** Why the bus is not reached. */
  onFailure(reason: string): void;
  /** Events may flow (again). */
  onConnected(): void;
}): Publisher {
  const buffer = createEventBuffer(options.limits);
  const waiters = new Set<() => void>();
  let ticking: NodeJS.Timeout | undefined;
  let asked: number | undefined;
  let storing = true;

  const settle = () => waiters.forEach((waiter) => waiter());
  const dialer = createBusDialer({
    ...options,
    onReply({ token, stored }) {
      storing = stored;
      if (stored) buffer.acknowledge(token);
      else buffer.refuse(token);
      pump();
      settle();
    },
    onAttempt(connection) {
      if (connection) {
        asked = undefined;
        options.onConnected();
        pump();
      }
      settle();
    },
    // What the lost connection may have swallowed goes again, under the same ids.
    onLost: () => buffer.requeue(),
  });

  const pump = (window = WINDOW) => {
    try {
      const { connection } = dialer;
      if (!connection || buffer.waiting === 0) return;
      const [nowMs, sentAt] = [performance.now(), isoTime(Date.now())];
      while (buffer.inFlight < window) {
        const event = buffer.take(nowMs);
        if (!event) break;
        connection.publish(messageOf(event, sentAt), event.sequence);
      }
    } catch {
      // The connection is closing; its end makes everything wait again.
    }
  };
  const tick = () => {
    const nowMs = performance.now();
    const { connection } = dialer;
    const before = buffer.waiting;
    buffer.requeue((event) => isOverdue(event, nowMs));
    // A server whose volume is full says nothing: it takes events, and answers none.
    storing &&= !connection || buffer.waiting === before;
    if (!storing) options.onFailure(STORES_NOTHING);
    pump();
    if (!connection) return;
    if (asked !== undefined) {
      if (nowMs - asked > ROUND_TRIP_TIMEOUT_MS) dialer.renew();
      return;
    }
    asked = nowMs;
    const answered = () => (asked = undefined);
    connection.roundTrip().then(answered, answered);
  };

  return {
    pump: () => pump(),
    add(message) {
      buffer.add(message);
      dialer.start();
      if (!ticking) {
        ticking = unref(setInterval(tick, TICK_MS));
      }
    },
    sendOnce(message, { lossy = false } = {}) {
      const { connection } = dialer;
      if (!connection) return false;
      // Not a loss that is worth a word: the next one says the same, only later, and the end says all.
      if (lossy && (buffer.waiting > 0 || connection.backlogBytes > LOSSY_BACKLOG_BYTES))
        return false;
      try {
        connection.publish({ ...message, headers: { [SENT_AT_HEADER]: isoTime(Date.now()) } });
        return true;
      } catch {
        return false;
      }
    },
    pushAll() {
      pump(Infinity);
      dialer.connection?.push();
    },
    leave() {
      const address = dialer.firstAddress;
      if (!address || buffer.waiting === 0) return;
      const { credentials } = options;
      const sentAt = isoTime(Date.now());
      const messages = takeAll(buffer).map((event) => messageOf(event, sentAt));
      handOver({ address, credentials, messages });
    },
    flush: (timeoutMs) => waitUntilSettled(timeoutMs),
    stop() {
      clearInterval(ticking);
      dialer.stop();
      settle();
    },
    get connected() {
      return dialer.connection !== undefined;
    },
    get storing() {
      return storing;
    },
    get queued() {
      return buffer.waiting + buffer.inFlight;
    },
    get droppedEvents() {
      return buffer.droppedEvents;
    },
    get droppedRequests() {
      return buffer.droppedRequests;
    },
  };

  function waitUntilSettled(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (answer: boolean) => {
        clearTimeout(timer);
        waiters.delete(check);
        resolve(answer);
      };
      const check = () => {
        if (buffer.waiting + buffer.inFlight === 0) return finish(true);
        if (!dialer.connection && !dialer.dialing) return finish(false);
        pump();
        if (dialer.connection && buffer.waiting === 0 && buffer.hopeful === 0) finish(false);
      };
      const timer = setTimeout(() => finish(false), timeoutMs);
      waiters.add(check);
      check();
    });
  }
}

function takeAll(buffer: EventBuffer): BufferedEvent[] {
  const all = [];
  for (let event = buffer.take(0); event; event = buffer.take(0)) all.push(event);
  return all;
}

function messageOf({ subject, payload, id }: BufferedEvent, sentAt: string) {
  return { subject, payload, headers: { 'Nats-Msg-Id': id, [SENT_AT_HEADER]: sentAt } };
}

/** Sent, unanswered or refused, and long enough ago: each time twice as long. */
function isOverdue(event: BufferedEvent, nowMs: number): boolean {
  if (event.sentAtMs === undefined) return false;
  const waitMs = Math.min(FIRST_RESEND_MS * 2 ** (event.tries - 1), LONGEST_RESEND_MS);
  return nowMs - event.sentAtMs > waitMs;
}
