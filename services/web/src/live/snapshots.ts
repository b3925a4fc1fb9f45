import type { Resume, Snapshot } from '@llm-monitor/contracts/live';
import type { Logger } from '@llm-monitor/runtime';

import { createPacer, type StartTimer } from '../core/pacer.ts';

/** Who connects within this time shares one snapshot. */
export const SNAPSHOT_INTERVAL_MS = 100;

/** Someone who waits for a snapshot. */
export interface Receiver {
  socketId: string;
  /** The snapshot went out; it says what the browser has now. */
  onSent(have: Resume): void;
  /** It could not be read. */
  onFailed(): void;
}

/** Reads and sends the snapshots of one view: one read and one encoding for all who wait. */
export interface Snapshots {
  want(receiver: Receiver): void;
  /** The receiver no longer wants one. */
  forget(receiver: Receiver): void;
  stop(): void;
}

export function createSnapshots(options: {
  log: Logger;
  startTimer: StartTimer;
  read(): Promise<Snapshot>;
  send(socketIds: string[], snapshot: Snapshot): void;
}): Snapshots {
  let waiting = new Set<Receiver>();
  let served = new Set<Receiver>();
  let isReading = false;

  const deliver = async (): Promise<void> => {
    isReading = true;
    served = waiting;
    waiting = new Set();
    try {
      const snapshot = await options.read();
      const { epoch, pos } = snapshot;
      options.send(
        [...served].map(({ socketId }) => socketId),
        snapshot,
      );
      for (const receiver of served) receiver.onSent({ epoch, pos });
    } catch (error) {
      options.log.warn({ err: (error as Error).message }, 'cannot read a snapshot; trying again');
      for (const receiver of served) receiver.onFailed();
    } finally {
      isReading = false;
      if (waiting.size > 0) pacer.wish();
    }
  };
  const pacer = createPacer({
    intervalMs: SNAPSHOT_INTERVAL_MS,
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
