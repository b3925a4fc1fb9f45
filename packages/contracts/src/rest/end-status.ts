import type { Outcome } from '../events/request.ts';

/** How a call ended, as four words. */
export const END_STATUSES = ['completed', 'failed', 'timeout', 'cancelled'] as const;
export type EndStatus = (typeof END_STATUSES)[number];

/** error, incomplete, orphaned → failed; timeout → timeout; cancelled, abandoned → cancelled. */
export function statusOfOutcome(outcome: Outcome): EndStatus {
  if (outcome === 'completed' || outcome === 'timeout') return outcome;
  return outcome === 'cancelled' || outcome === 'abandoned' ? 'cancelled' : 'failed';
}
