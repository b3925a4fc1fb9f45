import type { RequestEventMark } from '@llm-monitor/contracts/wire';

import type { RequestMessage } from '../call/request-message.ts';
import { aloneBytes, createEventBytes } from './event-bytes.ts';

/** A durable message that waits for its acknowledgement. */
export interface BufferedEvent {
  /** Order of arrival; stable over re-sends. */
  sequence: number;
  requestId: string;
  mark: RequestEventMark;
  id: string;
  subject: string;
  /** As bytes, which the collector of garbage does not copy: a text would be copied twice for as long as it waits. */
  payload: Uint8Array;
  /** Times it was handed to a connection. */
  tries: number;
  /** When it was last sent (performance.now()); undefined while it waits. */
  sentAtMs: number | undefined;
  /** The bus answered that it cannot store it now. */
  refused: boolean;
}

/** How much may wait before something is given up. */
export interface BufferLimits {
  maxEvents: number;
  /** Of all payloads. */
  maxBytes: number;
}

/** The bounded ring in front of the bus. What it gives up, it counts. */
export interface EventBuffer {
  add(event: RequestMessage): void;
  /** The oldest event that was not sent, marked as sent now; undefined when there is none. */
  take(nowMs: number): BufferedEvent | undefined;
  acknowledge(sequence: number): void;
  refuse(sequence: number): void;
  /** Makes sent events wait again: those `select` picks, or all. Their order stays. */
  requeue(select?: (event: BufferedEvent) => boolean): void;
  readonly waiting: number;
  readonly inFlight: number;
  /** Sent, and the bus did not refuse it: an acknowledgement may still come. */
  readonly hopeful: number;
  readonly droppedEvents: number;
  readonly droppedRequests: number;
}

/** So many more entries than events may stand in the queue before it is tidied. */
const SLACK = 256;

/** Apart, since what comes before an end is given up before it: beside the ends it would stay in memory for as long as they wait. */
const endBytes = createEventBytes();
const earlierBytes = createEventBytes();
/** Who is sent so often waits for long, while the bus takes others: a user may not publish everything. */
const ALONE_FROM_TRY = 3;

/**
 * Gives up, when it is full, the earlier events of calls whose end is here too (an end is enough by itself), then the oldest
 * whole calls. A call counts as dropped when its end is.
 */
export function createEventBuffer(limits: BufferLimits): EventBuffer {
  const events = new Map<number, BufferedEvent>();
  const byRequest = new Map<string, BufferedEvent[]>();
  const endedHere = new Set<string>();
  let queue: BufferedEvent[] = [];
  let head = 0;
  let inFlight = 0;
  let bytes = 0;
  let sequence = 0;
  let droppedEvents = 0;
  let droppedRequests = 0;

  const remove = (event: BufferedEvent) => {
    if (!events.delete(event.sequence)) return;
    if (event.sentAtMs !== undefined) inFlight -= 1;
    bytes -= event.payload.length;
    const siblings = byRequest.get(event.requestId) ?? [];
    if (siblings.length > 1) siblings.splice(siblings.indexOf(event), 1);
    else byRequest.delete(event.requestId);
    if (event.mark === 'end') endedHere.delete(event.requestId);
  };
  const drop = (event: BufferedEvent) => {
    remove(event);
    droppedEvents += 1;
    if (event.mark === 'end') droppedRequests += 1;
  };
  const dropEarlierOfEnded = (): boolean => {
    for (const requestId of endedHere) {
      endedHere.delete(requestId);
      const earlier = (byRequest.get(requestId) ?? []).filter((one) => one.mark !== 'end');
      for (const event of earlier) drop(event);
      if (earlier.length > 0) return true;
    }
    return false;
  };
  const dropOldestRequest = (): boolean => {
    // What is in flight may be stored already; give up what still waits, if anything does.
    const oldest = oldestWaiting() ?? events.values().next().value;
    if (!oldest) return false;
    for (const event of [...(byRequest.get(oldest.requestId) ?? [])]) drop(event);
    return true;
  };
  const oldestWaiting = (): BufferedEvent | undefined => {
    for (; head < queue.length; head += 1) {
      const event = queue[head];
      if (event && events.has(event.sequence) && event.sentAtMs === undefined) return event;
    }
    queue = [];
    head = 0;
    return undefined;
  };

  /** What was given up or acknowledged must not stay in memory for as long as the bus is away. */
  const compact = () => {
    if (queue.length <= 2 * events.size + SLACK) return;
    queue = queue.filter((event, at) => at >= head && events.has(event.sequence));
    head = 0;
  };

  return {
    add(added) {
      sequence += 1;
      const { requestId, mark, id, subject, payload } = added;
      // Field by field: a spread costs V8 ten times as much.
      const event: BufferedEvent = {
        sequence,
        requestId,
        mark,
        id,
        subject,
        payload: mark === 'end' ? endBytes(payload) : earlierBytes(payload),
        tries: 0,
        sentAtMs: undefined,
        refused: false,
      };
      events.set(sequence, event);
      queue.push(event);
      bytes += event.payload.length;
      const siblings = byRequest.get(event.requestId);
      if (siblings) siblings.push(event);
      else byRequest.set(event.requestId, [event]);
      if (event.mark === 'end') endedHere.add(event.requestId);
      while (events.size > limits.maxEvents || bytes > limits.maxBytes) {
        if (!dropEarlierOfEnded() && !dropOldestRequest()) break;
      }
      compact();
    },
    take(nowMs) {
      const event = oldestWaiting();
      if (!event) return undefined;
      head += 1;
      event.sentAtMs = nowMs;
      event.tries += 1;
      if (event.tries === ALONE_FROM_TRY) event.payload = aloneBytes(event.payload);
      event.refused = false;
      inFlight += 1;
      return event;
    },
    acknowledge(of) {
      const event = events.get(of);
      if (event) remove(event);
    },
    refuse(of) {
      const event = events.get(of);
      if (event) event.refused = true;
    },
    requeue(select = () => true) {
      for (const event of events.values()) {
        if (event.sentAtMs === undefined || !select(event)) continue;
        event.sentAtMs = undefined;
        inFlight -= 1;
      }
      queue = [...events.values()].filter((event) => event.sentAtMs === undefined);
      head = 0;
    },
    get waiting() {
      return events.size - inFlight;
    },
    get inFlight() {
      return inFlight;
    },
    get hopeful() {
      let count = 0;
      for (const event of events.values()) {
        if (event.sentAtMs !== undefined && !event.refused) count += 1;
      }
      return count;
    },
    get droppedEvents() {
      return droppedEvents;
    },
    get droppedRequests() {
      return droppedRequests;
    },
  };
}
