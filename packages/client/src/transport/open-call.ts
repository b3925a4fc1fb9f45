import type { CallTracker } from '../call/call-tracker.ts';
import { resultOfThrown } from '../call/describe-error.ts';
import type { CallObserver } from '../monitor/call-observer.ts';
import type { BodyReader, ResponseHead, WireFormat } from '../wire/wire-format.ts';

/**
 * One call on its way: notes what happens on the path of the app, with the time, and lets it be understood off that path, in order.
 * So an end that was seen first stays the end.
 */
export interface OpenCall {
  responded(head: ResponseHead): void;
  chunk(bytes: Uint8Array): void;
  bodyEnded(): void;
  /** The request or its body failed with this. */
  threw(error: unknown): void;
  /** The consumer went away, or never came. */
  left(outcome: 'cancelled' | 'abandoned', by: string): void;
}

export function openCall(
  observer: CallObserver,
  format: WireFormat,
  request: { url: string; body: unknown; signal: AbortSignal | null | undefined },
): OpenCall {
  const { url, body, signal } = request;
  const tracker: CallTracker = observer.begin(() => format.describe(url, body));
  let head: ResponseHead | undefined;
  let reader: BodyReader | undefined;
  let arrived: { bytes: Uint8Array; atMs: number }[] = [];

  const read = () => {
    const chunks = arrived;
    arrived = [];
    if (head) reader ??= format.reader(head, tracker);
    for (const { bytes, atMs } of chunks) reader?.chunk(bytes, atMs);
  };
  const later = (work: (atMs: number) => void) => {
    const atMs = performance.now();
    observer.defer(() => {
      read();
      work(atMs);
      if (tracker.ended) signal?.removeEventListener('abort', onAbort);
    });
  };
  const onAbort = () => later((atMs) => tracker.end(resultOfThrown(signal?.reason, atMs)));
  signal?.addEventListener('abort', onAbort, { once: true });

  return {
    responded(of) {
      head = of;
    },
    chunk(bytes) {
      // A copy: the app may hand its own on, and transferring it would empty ours.
      arrived.push({ bytes: bytes.slice(), atMs: performance.now() });
      if (arrived.length === 1) later(() => undefined);
    },
    bodyEnded: () => later((atMs) => reader?.end(atMs)),
    threw: (error) => later((atMs) => tracker.end(resultOfThrown(error, atMs))),
    left: (outcome, by) => later((atMs) => tracker.end({ outcome, cancelledBy: by, atMs })),
  };
}
