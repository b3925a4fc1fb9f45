import { bytesOf } from './bytes-of.ts';
import { held, type Held } from './held.ts';
import type { Abortable, OpenCall } from './open-call.ts';

export type Body = ReadableStream<Uint8Array>;
/** The runtime gives bytes; the stream of a fetch of the app's own gives whatever it likes. */
interface ReadResult {
  done: boolean;
  value?: unknown;
}
type Controller = ReadableStreamDefaultController<Uint8Array> | ReadableByteStreamController;

/** What aborts a call has of its stream. All functions of one scope hold what any of them needs: so it is made apart from those that pass on. */
interface Reach {
  body: Body;
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  /** Weakly: who watches for the stream to be dropped holds the call, and so what aborts it. */
  controlled: Held<Controller> | undefined;
  isReading: boolean;
  isOver: boolean;
}

/** A body that is read already, where it is another stream in the place of one. */
export interface Fronted {
  reader: ReadableStreamDefaultReader<Uint8Array>;
  /** A chunk came that nobody waits for any more. */
  onUnread(): void;
}

function abortOf(reach: Reach): Abortable {
  return {
    abort() {
      const error = new DOMException('This operation was aborted', 'AbortError');
      reach.controlled?.get()?.error(error);
      void (reach.reader ?? reach.body).cancel(error).catch(() => undefined);
    },
  };
}

/** What breaks or ends while nobody reads has broken, or ended, for those too who hold the stream in front of it. */
function followEnd(reader: Fronted['reader'], reach: Reach, call: OpenCall): void {
  const end = (tell: (controller: Controller | undefined) => void) => {
    if (reach.isOver) return;
    reach.isOver = true;
    tell(reach.controlled?.get());
  };
  reader.closed.then(
    // The last chunk may still be on its way to us.
    () => reach.isReading || end((controller) => close(controller, call)),
    (error: unknown) => end((controller) => fail(controller, error, call)),
  );
}

function close(controller: Controller | undefined, call: OpenCall): void {
  call.bodyEnded();
  controller?.close();
  // Who waits with a buffer of its own is told only so.
  if (controller && 'byobRequest' in controller) controller.byobRequest?.respond(0);
}

function fail(controller: Controller | undefined, error: unknown, call: OpenCall): void {
  call.threw(error);
  controller?.error(error);
}

/**
 * A stream that passes `response`'s body on, chunk by chunk and only when asked, so that back-pressure reaches the server as without it.
 * It holds the response, because the runtime cancels the body of one that is collected; unless it is read already.
 */
export function tapBody(
  response: Response | undefined,
  body: Body,
  call: OpenCall,
  fronted?: Fronted,
): Body {
  const reader = fronted?.reader;
  const reach: Reach = { body, reader, controlled: undefined, isReading: false, isOver: false };
  const pass = (controller: Controller, { done, value }: ReadResult) => {
    if (done) {
      reach.isOver = true;
      return close(controller, call);
    }
    const bytes = bytesOf(value);
    // Which copies it: the app may transfer its own, which would empty ours.
    if (bytes) call.chunk(bytes);
    controller.enqueue(value as Uint8Array<ArrayBuffer>);
    if (fronted && controller.desiredSize !== 0) fronted.onUnread();
  };
  // Made once: a function for each chunk, or an asynchronous one, takes more memory than all else here.
  let passed: (result: ReadResult) => void;
  let failed: (error: unknown) => void;
  const source = {
    response,
    start(controller: Controller) {
      reach.controlled = held(controller, call);
      failed = (error) => {
        if (reach.isOver) return;
        reach.isOver = true;
        fail(controller, error, call);
      };
      passed = (result) => {
        reach.isReading = false;
        if (reach.isOver) return;
        try {
          pass(controller, result);
        } catch (error) {
          reach.isOver = true;
          fail(controller, error, call);
        }
      };
    },
    pull() {
      try {
        // Not before the app reads: until then the body belongs to nobody, as the runtime expects.
        reach.reader ??= body.getReader();
        call.opened();
        reach.isReading = true;
        return reach.reader.read().then(passed, failed);
      } catch (error) {
        return failed(error);
      }
    },
    cancel(reason: unknown) {
      reach.isOver = true;
      call.closed();
      call.left('cancelled', 'app');
      return (reach.reader ?? body).cancel(reason);
    },
  };
  call.abortable(abortOf(reach));
  const stream = isByteStream(body)
    ? // Without its type, as the types of Node know no controller that may be of either kind.
      new ReadableStream<Uint8Array>({ ...source, type: 'bytes' } as object)
    : new ReadableStream<Uint8Array>(source, { highWaterMark: 0 });
  if (reader) followEnd(reader, reach, call);
  return stream;
}

interface StreamState {
  controller?: unknown;
  disturbed?: unknown;
}

let stateSymbol: symbol | undefined;

/** What Node keeps of a stream; undefined elsewhere. */
function stateOf(body: Body): StreamState | undefined {
  stateSymbol ??= Object.getOwnPropertySymbols(body).find((one) => one.description === 'kState');
  const state = stateSymbol && (body as unknown as Record<symbol, unknown>)[stateSymbol];
  return state as StreamState | undefined;
}

/** Lets a body count as used from now on, as one that is piped does before anything of it is read. */
export function disturb(body: Body): void {
  const state = stateOf(body);
  if (state?.disturbed === false) state.disturbed = true;
}

/** Can it be read into buffers of the reader's own? That of the runtime's fetch can. */
function isByteStream(body: Body): boolean {
  // Nothing public but trying tells, and an attempt that fails costs more than all else that is done here.
  const controller = stateOf(body)?.controller;
  if (controller instanceof ReadableByteStreamController) return true;
  if (controller instanceof ReadableStreamDefaultController) return false;
  try {
    body.getReader({ mode: 'byob' }).releaseLock();
    return true;
  } catch {
    return false;
  }
}
