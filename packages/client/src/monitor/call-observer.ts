import type { CallContext } from '../call/call-context.ts';
import { createCallTracker, type CallTracker } from '../call/call-tracker.ts';
import type { CallDescription } from '../call/call-description.ts';
import type { Deferral } from './deferral.ts';

/** Opens a tracker for each call and knows which run. */
export interface CallObserver {
  /** A call leaves the app now. `describe` and `onTracked` run later, off its path, before what is deferred after this. */
  begin(describe: () => CallDescription, onTracked: (tracker: CallTracker) => void): void;
  defer: Deferral['defer'];
  /** Ids of the calls that have started and not ended. */
  runningIds(): string[];
  /** Ends what still runs. */
  endAll(cancelledBy: string): void;
  readonly abandonAfterMs: number;
}

export function createCallObserver(options: {
  context: CallContext;
  deferral: Deferral;
  abandonAfterMs: number;
  /** A call begins, on its path. */
  onBegin(): void;
}): CallObserver {
  const { context, deferral } = options;
  const running = new Map<string, CallTracker>();
  const tracked: CallContext = {
    ...context,
    publish(message) {
      if (message.mark === 'end') running.delete(message.requestId);
      context.publish(message);
    },
  };
  return {
    abandonAfterMs: options.abandonAfterMs,
    defer: deferral.defer,
    begin(describe, onTracked) {
      options.onBegin();
      const begun = { wallMs: Date.now(), atMs: performance.now() };
      deferral.defer(() => {
        const tracker = createCallTracker(begun, tracked);
        onTracked(tracker);
        tracker.start(describe);
        running.set(tracker.requestId, tracker);
      });
    },
    runningIds: () => [...running.keys()],
    endAll(cancelledBy) {
      const atMs = performance.now();
      for (const tracker of running.values())
        tracker.end({ outcome: 'cancelled', cancelledBy, atMs });
    },
  };
}
