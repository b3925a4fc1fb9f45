import { BodyWatch } from './body-watch.ts';
import type { OpenCall } from './open-call.ts';
import type { Body } from './tap-body.ts';

const WATCH = Symbol('watch');
const REAL = Symbol('real');

interface WatchedBody extends Body {
  [WATCH]?: BodyWatch;
}

type Reader = ReadableStreamDefaultReader<Uint8Array> | ReadableStreamBYOBReader;

/** A reader as the app has it. The body holds the real one, and the runtime the body: so this one is garbage once the app drops it. */
interface WatchedReader {
  [WATCH]: BodyWatch;
  /** Undefined once it is released. */
  [REAL]: Reader | undefined;
}

/** What a body and its readers have for prototypes: those of the runtime, behind methods that tell its call. */
interface Prototypes {
  body: object;
  reader: object;
  byobReader: object;
}

/** Made when they are first needed: most programs begin without streams, which take a while to load. */
let made: Prototypes | undefined;

function prototypes(): Prototypes {
  return (made ??= {
    body: bodyBefore(ReadableStream.prototype),
    reader: readerBefore(ReadableStreamDefaultReader.prototype),
    byobReader: readerBefore(ReadableStreamBYOBReader.prototype),
  });
}

/**
 * Lets `call` be told what the app reads of a response of the runtime's, which stays the one that it is: no chunk passes through another
 * stream, which takes as long as reading it does.
 */
export function watchResponse(response: Response, body: Body, call: OpenCall): void {
  const watch = new BodyWatch(response, body, call);
  Object.setPrototypeOf(body, prototypes().body);
  (body as WatchedBody)[WATCH] = watch;
}

/** Whoever uses a method for something else gets what the runtime gives. */
function bodyBefore(native: ReadableStream): object {
  const values = function (this: WatchedBody, options?: { preventCancel?: boolean }) {
    const watch = this[WATCH];
    if (watch?.isFronted()) return watch.front().values(options);
    const iterator = native.values.call(this, options) as AsyncIterableIterator<Uint8Array>;
    if (watch) watchIterator(iterator, watch, options?.preventCancel);
    return iterator;
  };
  const own = {
    get locked(): boolean {
      const watch = (this as unknown as WatchedBody)[WATCH];
      return watch?.isFronted() ? watch.isFrontLocked() : (super['locked'] as boolean);
    },
    cancel(this: WatchedBody, reason?: unknown): Promise<void> {
      const watch = this[WATCH];
      if (watch?.isFronted()) return watch.front().cancel(reason);
      if (watch && !this.locked) watch.left(reason);
      return native.cancel.call(this, reason);
    },
    getReader(this: WatchedBody, options?: unknown): object {
      const watch = this[WATCH];
      if (watch?.isFronted()) return watch.front().getReader(options as never);
      const reader = native.getReader.call(this, options as never) as Reader;
      return watch ? watchReader(reader, watch) : reader;
    },
    // These read the body by themselves.
    tee(this: WatchedBody) {
      return native.tee.call(passedOn(this));
    },
    pipeTo(this: WatchedBody, ...args: Parameters<ReadableStream['pipeTo']>) {
      return native.pipeTo.apply(passedOn(this), args);
    },
    pipeThrough(this: WatchedBody, ...args: Parameters<ReadableStream['pipeThrough']>) {
      return native.pipeThrough.apply(passedOn(this), args);
    },
    values,
    [Symbol.asyncIterator]: values,
  };
  return Object.setPrototypeOf(own, native) as object;
}

/** The stream to be read in the place of a body. */
function passedOn(body: WatchedBody): ReadableStream {
  const watch = body[WATCH];
  return watch && (watch.isFronted() || !body.locked) ? watch.front() : body;
}

function readerBefore(native: Reader): object {
  const own = {
    read(this: WatchedReader, view: never, options: never): Promise<object> {
      const read = native.read as (view: never, options: never) => Promise<object>;
      const result = read.call(this, view, options);
      if (!this[REAL]) return result;
      const watch = this[WATCH];
      watch.reads();
      return result.then(watch.got, watch.failed);
    },
    cancel(this: WatchedReader, reason?: unknown): Promise<void> {
      if (this[REAL]) this[WATCH].left(reason);
      return native.cancel.call(this as never, reason);
    },
    releaseLock(this: WatchedReader): void {
      const real = this[REAL];
      native.releaseLock.call((real ?? this) as never);
      if (!real) return;
      this[REAL] = undefined;
      this[WATCH].rests();
    },
  };
  return Object.setPrototypeOf(own, native) as object;
}

/** A second object for the same reader: all that the runtime has of one stands in its fields. */
function watchReader(real: Reader, watch: BodyWatch): Reader {
  const { reader, byobReader } = prototypes();
  const isByob = real instanceof ReadableStreamBYOBReader;
  const twin = Object.assign(
    Object.create(isByob ? byobReader : reader) as Reader & WatchedReader,
    real,
  );
  twin[WATCH] = watch;
  twin[REAL] = real;
  watch.heldBy(twin);
  return twin;
}

function watchIterator(
  iterator: AsyncIterator<Uint8Array>,
  watch: BodyWatch,
  preventCancel: unknown,
): void {
  const { next, return: leave } = iterator;
  watch.heldBy(iterator);
  iterator.next = () => {
    watch.reads();
    return next.call(iterator).then(watch.got, watch.failed);
  };
  iterator.return = (value) => {
    if (!preventCancel) watch.left(value);
    const left = (leave as NonNullable<typeof leave>).call(iterator, value);
    if (preventCancel) watch.rests();
    return left;
  };
}

let isPossible: boolean | undefined;

/**
 * Does this runtime keep what a reader is in its fields, and does it read a body by the methods of that body where the app asks for all of
 * it? Tried once. Else another stream has to stand in front of each body.
 */
export function canWatchResponses(): boolean {
  return (isPossible ??= tried());
}

function tried(): boolean {
  try {
    let isSeen = false;
    const one = watchedResponse({ ...NOBODY, opened: () => (isSeen = true) });
    void one.text();
    const reader = watchedResponse(NOBODY).body?.getReader();
    const real = (reader as WatchedReader | undefined)?.[REAL];
    return isSeen && real !== undefined && reader?.closed === real.closed;
  } catch {
    return false;
  }
}

function watchedResponse(call: OpenCall): Response {
  const response = new Response('.');
  if (response.body) watchResponse(response, response.body, call);
  return response;
}

const nothing = () => undefined;
const NOBODY: OpenCall = {
  requestId: '',
  isCancelled: () => false,
  responded: nothing,
  opened: nothing,
  rested: nothing,
  message: nothing,
  chunk: nothing,
  bodyEnded: nothing,
  threw: nothing,
  aborted: nothing,
  signalAborted: nothing,
  closed: nothing,
  left: nothing,
  abortable: nothing,
  onAged: nothing,
};
