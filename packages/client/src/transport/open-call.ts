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
  /** From now on its messages are told by `message`: its bytes need not be. */
  follow(): void;
  readonly followed: boolean;
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

type Arrival = { bytes: Uint8Array; atMs: number } | { piece: Piece; atMs: number };

export function openCall(
  observer: CallObserver,
  format: WireFormat,
  request: { url: string; body: unknown; signal: AbortSignal | null | undefined },
): OpenCall {
  const { url, body, signal } = request;
  const tracker: CallTracker = observer.begin(() => format.describe(url, body));
  let head: ResponseHead | undefined;
  let reader: BodyReader | undefined;
  let arrived: Arrival[] = [];
  let followed = false;
  let sawOutput = false;
  let unread: NodeJS.Timeout | undefined;

  const read = () => {
    const arrivals = arrived;
    arrived = [];
    if (head && !followed) reader ??= format.reader(head, tracker);
    for (const one of arrivals) {
      if ('piece' in one) trackPiece(one.piece, tracker, one.atMs);
      else reader?.chunk(one.bytes, one.atMs);
    }
    tracker.progress(performance.now());
    if (tracker.ended) signal?.removeEventListener('abort', onAbort);
  };
  const arrive = (arrival: Arrival) => {
    if (arrived.push(arrival) === 1) observer.defer(read);
  };
  const later = (work: (atMs: number) => void) => {
    clearTimeout(unread);
    const atMs = performance.now();
    observer.defer(() => {
      read();
      work(atMs);
      signal?.removeEventListener('abort', onAbort);
    });
  };
  const end = (thrown: unknown) =>
    later((atMs) => tracker.end(format.resultOfThrown(thrown, atMs)));
  const left = (outcome: 'cancelled' | 'abandoned', by: string) =>
    later((atMs) => tracker.end({ outcome, cancelledBy: by, atMs }));
  const onAbort = () => end(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });

  return {
    get followed() {
      return followed;
    },
    responded(of) {
      head = of;
      unread = setTimeout(left, observer.abandonAfterMs, 'abandoned', 'app');
      unread.unref();
    },
    follow: () => void (followed = true),
    opened: () => clearTimeout(unread),
    message(message) {
      const piece = format.piece(message);
      // The time matters at the first output and at the end; in between the moment of reading is close enough.
      const isMark = piece.end !== undefined || (piece.isOutput && !sawOutput);
      sawOutput ||= piece.isOutput;
      arrive({ piece, atMs: isMark ? performance.now() : Number.NaN });
    },
    chunk: (bytes) => arrive({ bytes, atMs: performance.now() }),
    bodyEnded: () => later((atMs) => reader?.end(atMs)),
    threw: end,
    left,
  };
}
