import { callKey, type CallKey } from '@llm-monitor/contracts/live';

import { ApiError, reasonOf, type Api } from '../rest/api.ts';
import { createStore, type Store } from '../store/store.ts';

/** How long a call whose end was promised is shown as ending. */
const PROMISE_MS = 10_000;

/** What came of asking to cancel a call, and what was said of it. */
export interface CancelOutcome {
  kind: 'aborted' | 'not-aborted' | 'not-reached' | 'ended' | 'off' | 'failed';
  reason: string | null;
}

/** The calls that this page asked to cancel. */
export interface Cancellations {
  /** Asked, or promised, and not yet seen to end. */
  pending: Store<ReadonlySet<CallKey>>;
  /** Never throws: what went wrong is in the outcome. */
  cancel(call: { id: string; app: string }): Promise<CancelOutcome>;
}

export function createCancellations(api: Pick<Api, 'cancelRequest'>): Cancellations {
  const pending = createStore<ReadonlySet<CallKey>>(new Set());
  const forget = (key: CallKey) =>
    pending.update((before) => new Set([...before].filter((each) => each !== key)));
  return {
    pending,
    async cancel(call) {
      const key = callKey(call);
      pending.update((before) => new Set([...before, key]));
      const outcome = await api.cancelRequest(call).then(judgeAnswer, judgeError);
      if (outcome.kind === 'aborted') setTimeout(forget, PROMISE_MS, key);
      else forget(key);
      return outcome;
    },
  };
}

function judgeAnswer(answer: Awaited<ReturnType<Api['cancelRequest']>>): CancelOutcome {
  const { reached, aborted, reason } = answer;
  if (aborted) return { kind: 'aborted', reason };
  return { kind: reached ? 'not-aborted' : 'not-reached', reason };
}

const KINDS: Readonly<Record<number, CancelOutcome['kind']>> = {
  403: 'off',
  404: 'ended',
  409: 'ended',
  503: 'not-reached',
  504: 'not-reached',
};

function judgeError(error: unknown): CancelOutcome {
  const status = error instanceof ApiError ? error.status : 0;
  const reason = reasonOf(error);
  return { kind: KINDS[status] ?? 'failed', reason };
}
