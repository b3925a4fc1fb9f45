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

/**
 * A stream that passes `response`'s body on, chunk by chunk and only when asked, so that back-pressure reaches the server as without it.
 * It holds the response, because the runtime cancels the body of one that is collected; unless there is a `reader` already.
 */
export function tapBody(
  response: Response | undefined,
  body: Body,
  call: OpenCall,
  reader?: ReadableStreamDefaultReader<Uint8Array>,
): Body {
  const reach: Reach = { body, reader, controlled: undefined };
  let isOpened = false;
  const pass = (controller: Controller, { done, value }: ReadResult) => {
    if (done) {
      call.bodyEnded();
      controller.close();
      // Who waits with a buffer of its own is told only so.
      if ('byobRequest' in controller) controller.byobRequest?.respond(0);
    } else {
      const bytes = bytesOf(value);
      // Which copies it: the app may transfer its own, which would empty ours.
      if (bytes) call.chunk(bytes);
      controller.enqueue(value as Uint8Array<ArrayBuffer>);
    }
  };
  const fail = (controller: Controller, error: unknown) => {
    call.threw(error);
    controller.error(error);
  };
  // Made once: a function for each chunk, or an asynchronous one, takes more memory than all else here.
  let passed: (result: ReadResult) => void;
  let failed: (error: unknown) => void;
  const source = {
    response,
    start(controller: Controller) {
      reach.controlled = held(controller, call);
      failed = (error) => fail(controller, error);
      passed = (result) => {
        try {
          pass(controller, result);
        } catch (error) {
          fail(controller, error);
        }
      };
    },
    pull() {
      try {
        // Not before the app reads: until then the body belongs to nobody, as the runtime expects.
        reach.reader ??= body.getReader();
        if (!isOpened) call.opened();
        isOpened = true;
        return reach.reader.read().then(passed, failed);
      } catch (error) {
        return failed(error);
      }
    },
    cancel(reason: unknown) {
      call.closed();
      call.left('cancelled', 'app');
      return (reach.reader ?? body).cancel(reason);
    },
  };
  call.abortable(abortOf(reach));
  if (!isByteStream(body)) return new ReadableStream<Uint8Array>(source, { highWaterMark: 0 });
  // Without its type, as the types of Node know no controller that may be of either kind.
  const bytes: object = { ...source, type: 'bytes' };
  return new ReadableStream<Uint8Array>(bytes);
}

let stateSymbol: symbol | undefined;

/** Can it be read into buffers of the reader's own? That of the runtime's fetch can. */
function isByteStream(body: Body): boolean {
  // Nothing public but trying tells, and an attempt that fails costs more than all else that is done here.
  stateSymbol ??= Object.getOwnPropertySymbols(body).find((one) => one.description === 'kState');
  const state = stateSymbol && (body as unknown as Record<symbol, unknown>)[stateSymbol];
  const controller = (state as { controller?: unknown } | undefined)?.controller;
  if (controller instanceof ReadableByteStreamController) return true;
  if (controller instanceof ReadableStreamDefaultController) return false;
  try {
    body.getReader({ mode: 'byob' }).releaseLock();
    return true;
  } catch {
    return false;
  }
}
