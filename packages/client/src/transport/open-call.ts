import type { CallTracker } from '../call/call-tracker.ts';
import type { CallObserver } from '../monitor/call-observer.ts';
import {
  trackPiece,
  type BodyReader,
  type Piece,
  type ResponseHead,
  type WireFormat,
} from '../wire/wire-format.ts';

/**
 * One call on its way: notes what happens on the path of the app, with the time, and lets it be understood off that path, in order.
 * So an end that was seen first stays the end. No method throws.
 */
export interface OpenCall {
  responded(head: ResponseHead): void;
  /** Somebody reads the answer. */
  opened(): void;
  /** A message of the answer, parsed by the SDK. */
  message(message: unknown): void;
  /** Bytes of the answer, which nobody else will change. */
  chunk(bytes: Uint8Array): void;
  bodyEnded(): void;
  /** The request or its body failed with this. */
  threw(error: unknown): void;
  /** The consumer went away, or never came. */
  left(outcome: 'cancelled' | 'abandoned', by: string): void;
}

type Arrival = Piece | { bytes: Uint8Array; atMs: number };

export function openCall(
  observer: CallObserver,
  format: WireFormat,
  request: { url: string; body: unknown; signal: AbortSignal | null | undefined },
): OpenCall {
  const { url, signal } = request;
  let { body } = request;
  let tracker: CallTracker | undefined;
  const describe = () => {
    const described = format.describe(url, body);
    // A prompt can be large, and the call long.
    body = undefined;
    return described;
  };
  observer.begin(describe, (opened) => (tracker = opened));
  let head: ResponseHead | undefined;
  let reader: BodyReader | undefined;
  let arrived: Arrival[] = [];
  let unread: NodeJS.Timeout | undefined;

  const read = () => {
    const arrivals = arrived;
    arrived = [];
    if (!tracker) return;
    if (head) reader ??= format.reader(head, tracker);
    for (const one of arrivals) {
      if ('bytes' in one) reader?.chunk(one.bytes, one.atMs);
      else trackPiece(one, tracker);
    }
    tracker.progress(performance.now());
  };
  const arrive = (arrival: Arrival) => {
    if (arrived.push(arrival) === 1) observer.defer(read);
  };
  const later = (work: (tracker: CallTracker, atMs: number) => void) => {
    clearTimeout(unread);
    signal?.removeEventListener('abort', onAbort);
    const atMs = performance.now();
    observer.defer(() => {
      read();
      if (tracker) work(tracker, atMs);
    });
  };
  const end = (thrown: unknown) =>
    later((tracked, atMs) => tracked.end(format.resultOfThrown(thrown, atMs)));
  const left = (outcome: 'cancelled' | 'abandoned', by: string) =>
    later((tracked, atMs) => tracked.end({ outcome, cancelledBy: by, atMs }));
  const onAbort = () => end(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });

  return {
    responded(of) {
      head = of;
      unread = setTimeout(left, observer.abandonAfterMs, 'abandoned', 'app');
      unread.unref();
    },
    opened: () => clearTimeout(unread),
    message(message) {
      try {
        arrive(format.piece(message, performance.now()));
      } catch {
        // A message that cannot be understood is not counted.
      }
    },
    chunk: (bytes) => arrive({ bytes, atMs: performance.now() }),
    bodyEnded: () => later((_, atMs) => reader?.end(atMs)),
    threw: end,
    left,
  };
}
