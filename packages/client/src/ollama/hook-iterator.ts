/** What ollama-js gives back for a stream. */
interface AbortableIterator {
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
 * The object stays the same one, of the same class; so do the generators that it gives, and the promises that those give.
 */
export function hookIterator(iterator: AbortableIterator, listener: ConsumerListener): void {
  const original = iterator[Symbol.asyncIterator];
  const { abort } = iterator;
  let isOpened = false;
  const seen = ({ done, value }: IteratorResult<unknown>) => {
    if (!done) listener.message(value);
  };
  define(iterator, 'abort', function (this: AbortableIterator) {
    listener.aborted();
    return abort.call(this);
  });
  define(iterator, Symbol.asyncIterator, function (this: AbortableIterator) {
    const generator = original.call(this);
    const { next } = generator;
    define(generator, 'next', (value: unknown) => {
      if (!isOpened) listener.opened();
      isOpened = true;
      const result = next.call(generator, value);
      result.then(seen, listener.threw);
      return result;
    });
    for (const name of ['return', 'throw'] as const) {
      const leave = generator[name];
      define(generator, name, (value: unknown) => {
        listener.left();
        return leave.call(generator, value);
      });
    }
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
