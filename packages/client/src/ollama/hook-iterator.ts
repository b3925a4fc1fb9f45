/** What ollama-js gives back for a stream. */
interface AbortableIterator {
  abort(): void;
  [Symbol.asyncIterator](): AsyncGenerator<unknown, unknown, unknown>;
}

/**
 * Tells when a consumer leaves `iterator`'s loop before its end: that never reaches the transport.
 * The object stays the same one, of the same class; so do the generators it gives.
 */
export function hookIterator(iterator: AbortableIterator, onLeave: () => void): void {
  const original = iterator[Symbol.asyncIterator];
  Object.defineProperty(iterator, Symbol.asyncIterator, {
    configurable: true,
    writable: true,
    value(this: AbortableIterator) {
      const generator = original.call(this);
      for (const name of ['return', 'throw'] as const) {
        const leave = generator[name];
        Object.defineProperty(generator, name, {
          configurable: true,
          writable: true,
          value(value: unknown) {
            onLeave();
            return leave.call(generator, value);
          },
        });
      }
      return generator;
    },
  });
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
