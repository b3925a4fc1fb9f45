const MAX_BYTES = 1024 * 1024;
const TAIL_BYTES = 16 * 1024;

/** Collects a body up to 1 MiB; of a longer one only its end. */
export interface TextCollector {
  add(bytes: Uint8Array): void;
  text(): string;
  /** Nothing was left out. */
  isComplete(): boolean;
}

export function createTextCollector(): TextCollector {
  let parts: Uint8Array[] = [];
  let held = 0;
  let complete = true;
  return {
    add(bytes) {
      // A copy of its own: what was given may be a small piece of memory that all calls share, and would keep the whole of it.
      parts.push(new Uint8Array(bytes));
      held += bytes.length;
      if (held <= MAX_BYTES) return;
      complete = false;
      const tail = Buffer.concat(parts).subarray(-TAIL_BYTES);
      parts = [Buffer.from(tail)];
      held = tail.length;
    },
    text: () => Buffer.concat(parts).toString('utf8'),
    isComplete: () => complete,
  };
}
