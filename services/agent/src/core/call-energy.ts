/** Shares what the machine draws among the calls that run, by time. Times on one clock, ms. */
export interface CallEnergy {
  /** What is drawn from now on, watts; null: it cannot be told. */
  power(watts: number | null, atMs: number): void;
  begin(key: string, atMs: number): void;
  /** It draws no more; what it took stays known until it is forgotten. */
  stop(key: string, atMs: number): void;
  forget(key: string): void;
  /** Joules so far; undefined where a noticeable part of the time is not known. */
  of(key: string): number | undefined;
}

interface Share {
  joules: number;
  knownMs: number;
  unknownMs: number;
  isRunning: boolean;
}

/** Of a call's time; the first moments pass before the first look. */
const KNOWN_PART = 0.9;

export function createCallEnergy(): CallEnergy {
  const shares = new Map<string, Share>();
  let watts: number | null = null;
  let settledMs: number | undefined;

  /** Between two moments at which something changes all calls that run have equal shares. */
  const settle = (atMs: number) => {
    const ms = Math.max(0, atMs - (settledMs ?? atMs));
    settledMs = Math.max(atMs, settledMs ?? atMs);
    const running = [...shares.values()].filter(({ isRunning }) => isRunning);
    for (const share of running) {
      if (watts === null) share.unknownMs += ms;
      else {
        share.knownMs += ms;
        share.joules += (watts * ms) / 1000 / running.length;
      }
    }
  };
  return {
    power(now, atMs) {
      settle(atMs);
      watts = now;
    },
    begin(key, atMs) {
      settle(atMs);
      shares.set(key, { joules: 0, knownMs: 0, unknownMs: 0, isRunning: true });
    },
    stop(key, atMs) {
      settle(atMs);
      const share = shares.get(key);
      if (share) share.isRunning = false;
    },
    forget: (key) => void shares.delete(key),
    of(key) {
      const share = shares.get(key);
      if (!share || share.knownMs === 0) return undefined;
      const isKnown = share.knownMs >= KNOWN_PART * (share.knownMs + share.unknownMs);
      return isKnown ? Math.round(share.joules * 1000) / 1000 : undefined;
    },
  };
}
