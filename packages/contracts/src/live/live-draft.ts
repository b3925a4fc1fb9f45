import type { ActiveRequest, EndedRequest } from '../rest/index.ts';
import { newestFirst, unlistedOf, type LiveState } from './live-state.ts';
import type { CallKey } from './live.ts';

const ENDED_KEYS_PER_GENERATION = 2000;

/** The next state under construction: each collection is copied at its first change, once a batch of changes. */
export interface LiveDraft {
  activeCall(key: CallKey): ActiveRequest | undefined;
  activeCalls(): [CallKey, ActiveRequest][];
  setActive(key: CallKey, call: ActiveRequest): void;
  dropActive(key: CallKey): void;
  hasEnded(key: CallKey): boolean;
  markEnded(key: CallKey): void;
  recentCall(key: CallKey): EndedRequest | undefined;
  setRecent(key: CallKey, call: EndedRequest): void;
  set(
    fields: Partial<
      Pick<LiveState, 'status' | 'models' | 'apps' | 'hosts' | 'demoRunning' | 'alerts'>
    >,
  ): void;
  finish(): LiveState;
}

/** Changes on top of `base`, which stays as it is: what is not touched is shared with it. */
export function createLiveDraft(
  base: LiveState,
  keyOf: (call: EndedRequest) => CallKey,
): LiveDraft {
  let active: Map<CallKey, ActiveRequest> | null = null;
  let recent: Map<CallKey, EndedRequest> | null = null;
  let younger: Set<CallKey> | null = null;
  let older = base.ended.older;
  let fields: Partial<LiveState> = {};

  const activeOf = () => (active ??= new Map(base.active));
  const recentOf = () => (recent ??= new Map(base.recent.map((call) => [keyOf(call), call])));

  return {
    activeCall: (key) => (active ?? base.active).get(key),
    activeCalls: () => [...(active ?? base.active)],
    setActive: (key, call) => void activeOf().set(key, call),
    dropActive: (key) => {
      if ((active ?? base.active).has(key)) activeOf().delete(key);
    },
    hasEnded: (key) => (younger ?? base.ended.younger).has(key) || older.has(key),
    markEnded(key) {
      younger ??= new Set(base.ended.younger);
      if (younger.size >= ENDED_KEYS_PER_GENERATION && !younger.has(key)) {
        older = younger;
        younger = new Set();
      }
      younger.add(key);
    },
    recentCall: (key) => recentOf().get(key),
    setRecent: (key, call) => void recentOf().set(key, call),
    set: (changed) => void (fields = { ...fields, ...changed }),
    finish: () => ({
      ...base,
      ...fields,
      active: active ?? base.active,
      // Once all are known one by one, the list itself says it sooner than the figures.
      unlisted:
        base.unlisted > 0 && fields.status
          ? unlistedOf(fields.status, active ?? base.active)
          : base.unlisted,
      recent: recent
        ? [...recent.values()].sort(newestFirst).slice(0, base.recentLimit)
        : base.recent,
      ended: { younger: younger ?? base.ended.younger, older },
    }),
  };
}
