/** Lines on their way to a reader who may be slow: a bounded number of them waits. */
export interface LineQueue {
  add(line: string): void;
  /** How many were left out since it was asked last. */
  takeMissed(): number;
}

export function createLineQueue(options: {
  /** Resolves when more may be written. */
  write(text: string): Promise<unknown>;
  maxWaiting: number;
}): LineQueue {
  let waiting: string[] = [];
  let missed = 0;
  let isWriting = false;
  const writeAll = async (): Promise<void> => {
    isWriting = true;
    while (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      await options.write(`${lines.join('\n')}\n`);
    }
    isWriting = false;
  };
  return {
    add(line) {
      if (waiting.length >= options.maxWaiting) {
        missed += 1;
        return;
      }
      waiting.push(line);
      if (!isWriting) void writeAll();
    },
    takeMissed() {
      // Told once the reader is back, so that the note does not come once for each line.
      if (waiting.length > 0) return 0;
      const count = missed;
      missed = 0;
      return count;
    },
  };
}
