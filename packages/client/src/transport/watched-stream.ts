import { BodyWatch } from './body-watch.ts';
import type { OpenCall } from './open-call.ts';
import type { Body } from './tap-body.ts';
import { WatchMark } from './watch-mark.ts';

type Reader = ReadableStreamDefaultReader<Uint8Array> | ReadableStreamBYOBReader;
type Methods = Record<string | symbol, unknown>;

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
  WatchMark.set(body, watch);
}

/** `own` before `native`, and the same to whoever lists its methods or looks at one: their order, names and numbers of parameters. */
function before(native: object, own: Methods): object {
  const all: object = Object.create(native);
  for (const key of Reflect.ownKeys(native)) {
    const theirs = Object.getOwnPropertyDescriptor(native, key);
    const mine = Object.getOwnPropertyDescriptor(own, key);
    // What we have nothing for would be listed after ours.
    if (!mine && theirs?.enumerable) Object.defineProperty(all, key, theirs);
    if (!mine || !theirs) continue;
    for (const part of ['value', 'get'] as const) {
      if (typeof mine[part] === 'function') named(mine[part], theirs[part] as object);
    }
    Object.defineProperty(all, key, { ...mine, enumerable: theirs.enumerable === true });
  }
  return all;
}

function named<T extends object>(mine: T, theirs: object): T {
  for (const key of ['name', 'length']) {
    const as = Object.getOwnPropertyDescriptor(theirs, key);
    if (as) Object.defineProperty(mine, key, as);
  }
  return mine;
}

/** Whoever uses a method for something else gets what the runtime gives. */
function bodyBefore(native: ReadableStream): object {
  const values = function (this: Body, options?: { preventCancel?: boolean }) {
    const watch = WatchMark.of(this);
    if (watch?.isFronted()) return watch.front().values(options);
    const iterator = native.values.call(this, options) as AsyncIterableIterator<Uint8Array>;
    if (watch) watchIterator(iterator, watch, options?.preventCancel);
    return iterator;
  };
  return before(native, {
    get locked(): boolean {
      const watch = WatchMark.of(this);
      return watch?.isFronted()
        ? watch.isFrontLocked()
        : (Reflect.get(native, 'locked', this) as boolean);
    },
    cancel(this: Body, reason?: unknown): Promise<void> {
      const watch = WatchMark.of(this);
      if (watch?.isFronted()) return watch.front().cancel(reason);
      if (watch && !this.locked) watch.left(reason);
      return native.cancel.call(this, reason);
    },
    getReader(this: Body, options?: unknown): object {
      const watch = WatchMark.of(this);
      if (watch?.isFronted()) return watch.front().getReader(options as never);
      const reader = native.getReader.call(this, options as never) as Reader;
      return watch ? watchReader(reader, watch) : reader;
    },
    // These read the body by themselves.
    tee(this: Body) {
      const branches = native.tee.call(passedOn(this));
      WatchMark.of(this)?.teed();
      return branches;
    },
    pipeTo(this: Body, ...args: Parameters<ReadableStream['pipeTo']>) {
      const watch = WatchMark.of(this);
      const piped = native.pipeTo.apply(passedOn(this), args);
      if (!watch?.isFronted()) return piped;
      watch.piping();
      return piped.finally(() => watch.piped());
    },
    pipeThrough(this: Body, ...args: Parameters<ReadableStream['pipeThrough']>) {
      const through = native.pipeThrough.apply(passedOn(this), args);
      const watch = WatchMark.of(this);
      if (watch?.isFronted()) watch.piping();
      return through;
    },
    values,
    [Symbol.asyncIterator]: values,
  });
}

/** The stream to be read in the place of a body. */
function passedOn(body: Body): ReadableStream {
  const watch = WatchMark.of(body);
  return watch && (watch.isFronted() || !body.locked) ? watch.front() : body;
}

function readerBefore(native: Reader): object {
  return before(native, {
    read(this: Reader, view: never, options: never): Promise<object> {
      const read = native.read as (view: never, options: never) => Promise<object>;
      const result = read.call(this, view, options);
      const watch = WatchMark.ofReader(this);
      if (!watch) return result;
      watch.reads();
      return result.then(watch.got, watch.failed);
    },
    cancel(this: Reader, reason?: unknown): Promise<void> {
      WatchMark.ofReader(this)?.left(reason);
      return native.cancel.call(this as never, reason);
    },
    releaseLock(this: Reader): void {
      const real = WatchMark.realOf(this);
      native.releaseLock.call((real ?? this) as never);
      if (!real) return;
      WatchMark.release(this);
      WatchMark.of(this)?.rests();
    },
  });
}

/**
 * A second object for the same reader: all that the runtime has of one stands in its fields. The body holds the real one, and the runtime
 * the body: so this one is garbage once the app drops it.
 */
function watchReader(real: Reader, watch: BodyWatch): Reader {
  const { reader, byobReader } = prototypes();
  const isByob = real instanceof ReadableStreamBYOBReader;
  const twin = Object.assign(Object.create(isByob ? byobReader : reader) as Reader, real);
  WatchMark.set(twin, watch, real);
  watch.heldBy(twin);
  return twin;
}

function watchIterator(
  iterator: AsyncIterator<Uint8Array>,
  watch: BodyWatch,
  preventCancel: unknown,
): void {
  const { next: goOn } = iterator;
  const leave = iterator.return as NonNullable<typeof iterator.return>;
  watch.heldBy(iterator);
  // Under the names of the runtime's, which is what is printed of them.
  Object.assign(iterator, {
    next() {
      watch.reads();
      return goOn.call(iterator).then(watch.got, watch.failed);
    },
    return(value: unknown) {
      if (!preventCancel) watch.left(value);
      const left = leave.call(iterator, value);
      if (preventCancel) watch.rests();
      return left;
    },
  });
}
