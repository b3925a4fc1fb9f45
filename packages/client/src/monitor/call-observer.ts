import type { CancelReply } from '@llm-monitor/contracts/events';

import type { CallContext } from '../call/call-context.ts';
import type { CallIdentity } from '../call/call-identity.ts';
import { keptLength } from '../call/captured-text.ts';
import type { CallResult } from '../call/call-result.ts';
import { createCallTracker, type CallStart, type CallTracker } from '../call/call-tracker.ts';
import type { CallDescription } from '../call/call-description.ts';
import { createRetryLinks } from '../call/retry-links.ts';
import type { Deferral } from './deferral.ts';
import { nextRequestId, prepareRequestIds } from './request-ids.ts';

/** A call that leaves the app now. */
export interface CallStarting {
  /** Later, off the path of the call, before what is deferred after this. Undefined when it is no call of a model after all. */
  describe(): CallDescription | undefined;
  /** Right after it was described. */
  onTracked(tracker: CallTracker): void;
  /** By default now. */
  begun?: CallStart | undefined;
  identity?: Partial<CallIdentity> | undefined;
  /** What this attempt shares with another attempt of the same call; undefined when unknown. Runs where `describe` does. */
  fingerprint?(): number | undefined;
  /** The SDK says which attempt this is; 0 is the first. */
  attempt?: number | undefined;
  /** Aborts this call and no other. */
  cancel?(by: string): CancelReply;
}

/** Opens a tracker for each call of one app and knows which run. */
export interface CallObserver {
  readonly app: string;
  /** @returns the id of the request */
  begin(call: CallStarting): string;
  defer: Deferral['defer'];
  /** Ids of the calls that have started and not ended. */
  runningIds(): string[];
  /** Undefined when no such call runs here. */
  cancel(requestId: string, by: string): CancelReply | undefined;
  /** Ends what still runs. */
  endAll(cancelledBy: string): void;
  readonly abandonAfterMs: number;
  /** So much of an answer's text is worth keeping. */
  readonly keptChars: number;
}

interface RunningCall {
  tracker: CallTracker;
  call: CallStarting;
}

export function createCallObserver(options: {
  context: CallContext;
  deferral: Deferral;
  abandonAfterMs: number;
  /** A call begins, on its path. */
  onBegin(): void;
}): CallObserver {
  const { context, deferral } = options;
  const running = new Map<string, RunningCall>();
  const retries = createRetryLinks(() => performance.now());
  const tracked: CallContext = {
    ...context,
    publish(message) {
      if (message.mark === 'end') running.delete(message.requestId);
      context.publish(message);
    },
  };
  return {
    app: context.app,
    abandonAfterMs: options.abandonAfterMs,
    keptChars: keptLength[context.capture] + 1,
    defer: deferral.defer,
    begin(call) {
      options.onBegin();
      const requestId = call.identity?.requestId ?? nextRequestId();
      const begun = call.begun ?? { wallMs: Date.now(), atMs: performance.now() };
      deferral.defer(() => {
        prepareRequestIds();
        const fingerprint = call.fingerprint?.();
        const identity: CallIdentity = { ...call.identity, requestId };
        if (call.attempt === 0) identity.logicalId ??= requestId;
        else if (fingerprint !== undefined) {
          const logicalId = retries.continues(fingerprint);
          if (logicalId) identity.logicalId ??= logicalId;
        }
        const tracker = createCallTracker(begun, identity, tracked, (logicalId) => {
          if (fingerprint !== undefined) retries.failed(fingerprint, logicalId);
        });
        call.onTracked(tracker);
        tracker.start(() => call.describe());
        if (tracker.isRunning()) running.set(requestId, { tracker, call });
      });
      return requestId;
    },
    runningIds: () => [...running.keys()],
    cancel(requestId, by) {
      const one = running.get(requestId);
      if (!one) return undefined;
      return one.call.cancel?.(by) ?? { aborted: false, reason: 'This call cannot be aborted.' };
    },
    endAll(cancelledBy) {
      const result: CallResult = { outcome: 'cancelled', cancelledBy, atMs: performance.now() };
      for (const { tracker } of running.values()) tracker.end(result);
    },
  };
}
