/** A call that runs on a server that this agent watches. */
export interface RunningCall {
  /** As its events' subject names it. */
  app: string;
  requestId: string;
  /** Of the app; as in its events. */
  instance: string | undefined;
  /** Which of the agent's servers, and whether that is certain. */
  server: number;
  place: 'here' | 'maybe';
  model: string;
  isInference: boolean;
  /** Something was generated for it. */
  hasOutput: boolean;
}

/** An instance that beats and falls silent for so long is taken for gone; the collector orphans its calls then too. */
const SILENCE_MS = 35_000;
/** The longest that a call of an app that never beats is kept. */
const MAX_AGE_MS = 30 * 60_000;
const MAX_CALLS = 10_000;
/** Beats of its own instance that do not list a call, after which it counts as over. */
const MISSED_BEATS = 2;
/** Ends are remembered, since a start that was sent again may come after its end. */
const MAX_ENDED = 2000;

/** Which calls run, from their events and their apps' heartbeats. */
export interface RunningCalls {
  /** False when it is known already, or known to be over. */
  start(call: RunningCall, nowMs: number): boolean;
  generating(app: string, requestId: string): void;
  end(app: string, requestId: string): RunningCall | undefined;
  beat(
    beat: { app: string; instance: string; ids: readonly string[]; all: boolean },
    nowMs: number,
  ): RunningCall[];
  /** Forgets what will not end, and gives it. */
  expire(nowMs: number): RunningCall[];
  list(): RunningCall[];
}

interface Kept extends RunningCall {
  sinceMs: number;
  missedBeats: number;
}

export function createRunningCalls(): RunningCalls {
  const calls = new Map<string, Kept>();
  const ended = new Set<string>();
  const beats = new Map<string, number>();
  const keyOf = (app: string, requestId: string) => `${app}:${requestId}`;
  const remove = (gone: readonly Kept[]) => {
    for (const { app, requestId } of gone) calls.delete(keyOf(app, requestId));
    return [...gone];
  };
  const rememberEnd = (key: string) => {
    ended.add(key);
    const [oldest] = ended;
    if (ended.size > MAX_ENDED && oldest !== undefined) ended.delete(oldest);
  };

  return {
    start(call, nowMs) {
      const key = keyOf(call.app, call.requestId);
      if (calls.has(key) || ended.has(key) || calls.size >= MAX_CALLS) return false;
      calls.set(key, { ...call, sinceMs: nowMs, missedBeats: 0 });
      return true;
    },
    generating(app, requestId) {
      const call = calls.get(keyOf(app, requestId));
      if (call) call.hasOutput = true;
    },
    end(app, requestId) {
      const key = keyOf(app, requestId);
      const call = calls.get(key);
      calls.delete(key);
      rememberEnd(key);
      return call;
    },
    beat({ app, instance, ids, all }, nowMs) {
      const isItsOwn = (call: Kept) => call.app === app && call.instance === instance;
      const own = [...calls.values()].filter(isItsOwn);
      if (own.length > 0) beats.set(keyOf(app, instance), nowMs);
      if (!all) return [];
      const listed = new Set(ids);
      for (const call of own) {
        call.missedBeats = listed.has(call.requestId) ? 0 : call.missedBeats + 1;
      }
      return remove(own.filter(({ missedBeats }) => missedBeats >= MISSED_BEATS));
    },
    expire(nowMs) {
      const gone = [...calls.values()].filter(({ app, instance, sinceMs }) => {
        const beatMs = instance === undefined ? undefined : beats.get(keyOf(app, instance));
        return beatMs === undefined ? nowMs - sinceMs >= MAX_AGE_MS : nowMs - beatMs >= SILENCE_MS;
      });
      for (const [key, atMs] of beats) if (nowMs - atMs >= SILENCE_MS) beats.delete(key);
      return remove(gone);
    },
    list: () => [...calls.values()],
  };
}
