import { createPacer, type StartTimer } from '../core/pacer.ts';

/** Who asks within this time shares one answer. */
export const SHARED_INTERVAL_MS = 100;

/** Someone who waits for an answer. */
export interface Receiver<T> {
  socketId: string;
  /** It went out. */
  onSent(answer: T): void;
  /** It could not be read. */
  onFailed(): void;
}

/** Reads and sends what several want to have: one read and one encoding for all who wait. */
export interface SharedReads<T> {
  want(receiver: Receiver<T>): void;
  /** The receiver no longer wants it. */
  forget(receiver: Receiver<T>): void;
  stop(): void;
}

export function createSharedReads<T>(options: {
  startTimer: StartTimer;
  read(): Promise<T>;
  send(socketIds: string[], answer: T): void;
  onError(message: string): void;
}): SharedReads<T> {
  let waiting = new Set<Receiver<T>>();
  let served = new Set<Receiver<T>>();
  let isReading = false;

  const deliver = async (): Promise<void> => {
    isReading = true;
    served = waiting;
    waiting = new Set();
    try {
      const answer = await options.read();
      options.send(
        [...served].map(({ socketId }) => socketId),
        answer,
      );
      for (const receiver of served) receiver.onSent(answer);
    } catch (error) {
      options.onError((error as Error).message);
      for (const receiver of served) receiver.onFailed();
    } finally {
      isReading = false;
      if (waiting.size > 0) pacer.wish();
    }
  };
  const pacer = createPacer({
    intervalMs: SHARED_INTERVAL_MS,
    startTimer: options.startTimer,
    flush: () => {
      if (!isReading && waiting.size > 0) void deliver();
    },
  });

  return {
    want(receiver) {
      waiting.add(receiver);
      pacer.wish();
    },
    forget(receiver) {
      waiting.delete(receiver);
      served.delete(receiver);
    },
    stop: pacer.stop,
  };
}
