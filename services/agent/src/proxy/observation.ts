import type { IncomingMessage } from 'node:http';

import type { CallHub, CallStart, OpenCall } from '@llm-monitor/client/observe';

import { createBodyCopy } from './body-copy.ts';
import { createBodyDecoder, type BodyDecoder } from './body-decoder.ts';
import { callerIdentity } from './caller-identity.ts';
import type { CallerMap } from './caller-map.ts';
import { AGENT_HEADER } from './hop-headers.ts';
import { overdue } from './overdue.ts';
import type { RunningCallList } from './running-calls.ts';

/** Looks at one exchange as it passes. No method throws, delays or keeps more than a bounded part of it. */
export interface Observation {
  requestChunk(bytes: Buffer): void;
  requestEnded(): void;
  responded(answer: IncomingMessage): void;
  chunk(bytes: Buffer): void;
  ended(): void;
  threw(error: unknown): void;
  left(by: string): void;
}

/** What observing needs; shared by all exchanges of a proxy. */
export interface Observer {
  hub: CallHub;
  callers: CallerMap;
  running: RunningCallList;
  /** `host:port` of the upstream. */
  upstream: string;
}

const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/;

/** Observes an exchange; undefined when it is no call of a model. `cancel` ends it. */
export function observeExchange(
  observer: Observer,
  exchange: { incoming: IncomingMessage; url: string; cancel(): void },
): Observation | undefined {
  const { incoming, url } = exchange;
  return quietly(() => {
    if (!observer.hub.isModelCall(incoming.method ?? '', url)) return undefined;
    const known = incoming.headers['x-llm-monitor-request-id'];
    const requestId = typeof known === 'string' && REQUEST_ID.test(known) ? known : undefined;
    // Who named the call publishes it; an agent in front of this one has, too.
    const isTold = requestId !== undefined || incoming.headers[AGENT_HEADER] !== undefined;
    if (isTold) return noteRunning(observer, incoming, requestId);
    const begun = { wallMs: Date.now(), atMs: performance.now() };
    return observeCall(observer, { incoming, url, begun, cancel: exchange.cancel });
  });
}

function identityOf(observer: Observer, incoming: IncomingMessage) {
  const address = incoming.socket.remoteAddress ?? '';
  return callerIdentity({ headers: incoming.headers, address }, observer.callers);
}

/** A call that somebody else publishes: only that it runs is known. */
function noteRunning(
  { running, upstream, callers }: Observer,
  incoming: IncomingMessage,
  requestId: string | undefined,
): Observation {
  const address = incoming.socket.remoteAddress ?? '';
  const { app } = callerIdentity({ headers: incoming.headers, address }, callers);
  const remove = running.add({ app, upstream, ...(requestId ? { requestId } : {}) });
  const nothing = () => undefined;
  return {
    ...{ requestChunk: nothing, requestEnded: nothing, responded: nothing, chunk: nothing },
    ...{ ended: remove, threw: remove, left: remove },
  };
}

function observeCall(
  observer: Observer,
  exchange: { incoming: IncomingMessage; url: string; begun: CallStart; cancel(): void },
): Observation {
  const { incoming, url, begun, cancel } = exchange;
  const copy = createBodyCopy();
  let call: OpenCall | undefined;
  let isOpen = false;
  let decoder: BodyDecoder | undefined;
  let remove: (() => void) | undefined;
  let hasHead = false;
  let isOk = false;
  let heardAtMs = begun.atMs;

  /** The call is described when its request is complete, or when something happens before that. */
  const opened = (): OpenCall | undefined => {
    if (isOpen) return call;
    isOpen = true;
    const identity = identityOf(observer, incoming);
    const method = incoming.method ?? '';
    call = observer.hub.open({ method, url, body: copy.take(), begun, identity, cancel });
    if (call) {
      const { app } = identity;
      remove = observer.running.add({
        app,
        requestId: call.requestId,
        upstream: observer.upstream,
      });
    }
    return call;
  };
  const over = (tell: (of: OpenCall) => void) =>
    quietly(() => {
      const of = opened();
      remove?.();
      if (of) tell(of);
    });
  return {
    requestChunk: (bytes) => quietly(() => (isOpen ? undefined : copy.add(bytes))),
    requestEnded: () => {
      quietly(opened);
    },
    responded: (answer) =>
      quietly(() => {
        hasHead = true;
        heardAtMs = performance.now();
        const of = opened();
        if (!of) return;
        decoder = createBodyDecoder(answer.headers['content-encoding'], (bytes) => of.chunk(bytes));
        const head = headOf(answer);
        isOk = head.ok;
        of.responded(head);
        of.opened();
      }),
    chunk: (bytes) =>
      quietly(() => {
        heardAtMs = performance.now();
        decoder?.chunk(bytes);
      }),
    ended: () =>
      over((of) => {
        decoder?.end(() => {
          if (isOk && decoder?.isBlind()) of.bodyUnread();
          else of.bodyEnded();
        });
        if (!decoder) of.bodyEnded();
      }),
    threw: (error) =>
      over((of) => {
        decoder?.destroy();
        of.threw(error);
      }),
    left: (by) =>
      over((of) => {
        decoder?.destroy();
        const atMs = performance.now();
        const leaving = { elapsedMs: atMs - begun.atMs, silentMs: atMs - heardAtMs, hasHead };
        const ms = by === 'client' ? overdue(incoming.headers, leaving) : undefined;
        if (ms !== undefined) of.threw(timeoutError(ms));
        else of.left('cancelled', by);
      }),
  };
}

function timeoutError(ms: number): DOMException {
  return new DOMException(`The caller gave up after its ${Math.round(ms)} ms.`, 'TimeoutError');
}

function headOf(answer: IncomingMessage) {
  const { statusCode: status = 0, statusMessage: statusText = '', headers } = answer;
  const ok = status >= 200 && status < 300;
  return { status, statusText, ok, contentType: headers['content-type'] ?? '' };
}

/** A fault of the monitor is never the caller's. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
