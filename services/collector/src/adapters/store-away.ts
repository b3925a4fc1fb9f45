/** Answers of a Redis that will take writes again once somebody or time has helped it. */
const PASSING = new Set([
  'OOM',
  'READONLY',
  'LOADING',
  'MISCONF',
  'BUSY',
  'CLUSTERDOWN',
  'MASTERDOWN',
  'TRYAGAIN',
  'MOVED',
  'ASK',
  'NOREPLICAS',
  'NOAUTH',
  'NOPERM',
  'WRONGPASS',
]);

/** Thrown by pure code for what it cannot use: trying again will not help. */
export class UnusableEventError extends Error {
  override name = 'UnusableEventError';
}

/** Is the store away, so that the same batch will pass later? Else something in the batch is at fault. */
export function isStoreAway(error: unknown): boolean {
  if (error instanceof UnusableEventError) return false;
  const { name, message } = error as Error;
  if (name !== 'ReplyError') return true;
  return PASSING.has(message.split(' ', 1)[0] ?? '');
}
