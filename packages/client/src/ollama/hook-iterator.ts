/** What ollama-js gives back for a stream. */
export interface AbortableIterator {
  abort(): void;
  [Symbol.asyncIterator](): AsyncGenerator<unknown, unknown, unknown>;
}

/** What is told of the consumer of a stream. No method may throw. */
export interface ConsumerListener {
  /** It begins to read. */
  opened(): void;
  /** It got this message. */
  message(message: unknown): void;
  /** It got this error. */
  threw(error: unknown): void;
  /** It left its loop before the end. */
  left(): void;
  /** It aborted the request. */
  aborted(): void;
}

/**
 * Tells what the consumer of `iterator` reads, and when it leaves, which never reaches the transport.
 * The object stays the same one, of the same class; so do the generators that it gives.
 */
export function hookIterator(iterator: AbortableIterator, listener: ConsumerListener): void {
  const original = iterator[Symbol.asyncIterator];
  const { abort } = iterator;
  let isOpened = false;
  const got = (result: IteratorResult<unknown>) => {
    if (!result.done) listener.message(result.value);
    return result;
  };
  const failed = (error: unknown) => {
    listener.threw(error);
    throw error;
  };
  define(iterator, 'abort', function (this: AbortableIterator) {
    listener.aborted();
    return abort.call(this);
  });
  define(iterator, Symbol.asyncIterator, function (this: AbortableIterator) {
    const generator = original.call(this);
    const { next } = generator;
    // The app waits behind us rather than beside: a second listener would hide the app's frames from the stacks of errors, and would
    // answer for a rejection that the app leaves unhandled. Not by an async function, which takes four times the memory.
    define(generator, 'next', (value: unknown) => {
      if (!isOpened) {
        isOpened = true;
        listener.opened();
      }
      return next.call(generator, value).then(got, failed);
    });
    const { return: leave, throw: fail } = generator;
    define(generator, 'return', (value: unknown) => {
      listener.left();
      return leave.call(generator, value);
    });
    define(generator, 'throw', (value: unknown) => {
      listener.left();
      return fail.call(generator, value);
    });
    return generator;
  });
}

/** An own property that nobody sees who lists them. */
function define(target: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

/** The signal of the request behind an iterator of ollama-js; undefined for anything else. */
export function signalOf(result: unknown): AbortSignal | undefined {
  const { abortController } = result as { abortController?: unknown };
  return abortController instanceof AbortController ? abortController.signal : undefined;
}

export function isAbortableIterator(result: unknown): result is AbortableIterator {
  return (
    typeof result === 'object' &&
    result !== null &&
    typeof (result as AbortableIterator)[Symbol.asyncIterator] === 'function' &&
    typeof (result as AbortableIterator).abort === 'function'
  );
}
