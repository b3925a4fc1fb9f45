import type { LoadedModel, UnseenActivity } from '@llm-monitor/contracts/events';

/** What was seen of a server since the look before. */
export interface Look {
  nowMs: number;
  /** Of its processes together; 100 is one core. Null when it cannot be told. */
  cpuPercent: number | null;
  /** Of the busiest GPU, 0–100. Null when it cannot be told. */
  gpuPercent: number | null;
  /** Undefined when the server does not answer. */
  loaded: readonly LoadedModel[] | undefined;
  tracked: TrackedWork;
}

/** What the monitor knows of calls that run, or may run, on this server. */
export interface TrackedWork {
  running: number;
  /** When the last of them ended; undefined when there was none. */
  endedAtMs: number | undefined;
  /** It ended in another way than by its answer being complete: the server may still work on it. */
  endedEarly: boolean;
}

export type ActivityChange =
  | { kind: 'began'; activity: UnseenActivity }
  | { kind: 'ended'; activity: UnseenActivity; until: string };

/** Follows one server, and says when somebody calls it past the monitor. */
export interface ActivityWatch {
  look(look: Look): ActivityChange | undefined;
  current(): UnseenActivity | undefined;
  /** Something looks like it, and the next looks will tell: they should come soon. */
  isSuspicious(): boolean;
}

/** A server that does nothing takes less; one that generates takes far more. */
const BUSY_CPU_PERCENT = 25;
const BUSY_GPU_PERCENT = 30;
/** With less than this a server's own processes do not use the GPU, whoever does. */
const IDLE_CPU_PERCENT = 5;
const BUSY_LOOKS = 3;
/** A call's events may come later than its work is seen. */
const CONFIRM_MS = 3000;
/** After a tracked call's end its work and its new expiry may still be seen for so long. */
const SETTLE_MS = 5000;
/** Generation that outlives a call which was left early is taken for its own for so long. */
const MAX_AFTERMATH_MS = 5 * 60_000;
const QUIET_MS = 10_000;
/** A server that has just started looks for GPUs and such. */
const WARM_UP_MS = 5000;
/** Clocks are read at slightly different moments. */
const EXPIRY_TOLERANCE_MS = 1000;

interface Evidence {
  kind: UnseenActivity['evidence'];
  model: string | null;
}

interface Suspicion extends Evidence {
  sinceMs: number;
  firstSeenMs: number;
  looks: number;
}

export function createActivityWatch(): ActivityWatch {
  const readExpiry = createExpiryReader();
  const isBusy = createBusyVerdict();
  const isExplained = createExplanation();
  let lastMs: number | undefined;
  let suspicion: Suspicion | undefined;
  let activity: UnseenActivity | undefined;
  let evidentMs = 0;

  const suspect = (found: Evidence | undefined, fromMs: number, nowMs: number) => {
    if (!found) {
      // A moved expiry is a fact that stays true; a load must last.
      if (suspicion?.kind !== 'expiry') suspicion = undefined;
      return;
    }
    const sinceMs = found.kind === 'expiry' ? nowMs : fromMs;
    suspicion ??= { ...found, sinceMs, firstSeenMs: nowMs, looks: 0 };
    suspicion.looks += 1;
    if (found.kind === 'expiry') {
      suspicion.kind = 'expiry';
      suspicion.model = found.model;
    }
    evidentMs = nowMs;
  };
  const begin = (nowMs: number): ActivityChange | undefined => {
    if (!suspicion || nowMs - suspicion.firstSeenMs < CONFIRM_MS) return undefined;
    if (suspicion.kind !== 'expiry' && suspicion.looks < BUSY_LOOKS) return undefined;
    const { kind: evidence, model, sinceMs } = suspicion;
    activity = { since: new Date(sinceMs).toISOString(), model, evidence };
    suspicion = undefined;
    return { kind: 'began', activity };
  };
  const end = (nowMs: number): ActivityChange | undefined => {
    if (!activity || nowMs - evidentMs < QUIET_MS) return undefined;
    const ended = activity;
    activity = undefined;
    return { kind: 'ended', activity: ended, until: new Date(evidentMs).toISOString() };
  };

  return {
    look(look) {
      const { nowMs, loaded } = look;
      const fromMs = lastMs ?? nowMs;
      lastMs = nowMs;
      const moved = readExpiry(loaded);
      const busy = isBusy(look);
      if (isExplained(look, { fromMs, moved: moved !== undefined, busy: busy !== undefined })) {
        suspicion = undefined;
        return end(nowMs);
      }
      const kind: Evidence['kind'] | undefined = moved === undefined ? busy : 'expiry';
      const found = kind && { kind, model: moved ?? onlyModel(loaded) };
      if (activity) {
        if (found) evidentMs = nowMs;
        return end(nowMs);
      }
      suspect(found, fromMs, nowMs);
      return begin(nowMs);
    },
    current: () => activity,
    isSuspicious: () => suspicion !== undefined,
  };
}

function onlyModel(loaded: readonly LoadedModel[] | undefined): string | null {
  return loaded?.length === 1 ? (loaded[0]?.name ?? null) : null;
}

/** Ollama moves a model's expiry at each call. Gives the name of a model that was used, or loaded, since the look before. */
function createExpiryReader(): (loaded: readonly LoadedModel[] | undefined) => string | undefined {
  let before: Map<string, number> | undefined;
  return (loaded) => {
    if (!loaded) {
      before = undefined;
      return undefined;
    }
    const next = new Map<string, number>();
    let moved: string | undefined;
    for (const { name, expiresAt } of loaded) {
      const atMs = expiresAt === null ? Number.NaN : Date.parse(expiresAt);
      const wasMs = before?.get(name);
      const isLater = wasMs !== undefined && atMs - wasMs > EXPIRY_TOLERANCE_MS;
      const isNew = before !== undefined && wasMs === undefined;
      if (isLater || isNew) moved = name;
      const isSame = wasMs !== undefined && Math.abs(atMs - wasMs) <= EXPIRY_TOLERANCE_MS;
      next.set(name, isSame ? wasMs : atMs);
    }
    before = next;
    return moved;
  };
}

/** Some servers spin while they wait: what a server takes at its quietest is its own idle. */
function createBusyVerdict(): (look: Look) => 'cpu' | 'gpu' | undefined {
  let idlePercent = Infinity;
  let upSinceMs: number | undefined;
  return ({ nowMs, cpuPercent, gpuPercent, loaded }) => {
    if (!loaded) {
      idlePercent = Infinity;
      upSinceMs = undefined;
      return undefined;
    }
    upSinceMs ??= nowMs;
    if (cpuPercent !== null) idlePercent = Math.min(idlePercent, cpuPercent);
    if (nowMs - upSinceMs < WARM_UP_MS) return undefined;
    const busyPercent = Math.max(BUSY_CPU_PERCENT, 1.5 * idlePercent + 15);
    if (cpuPercent !== null && cpuPercent >= busyPercent) return 'cpu';
    const isOnGpu = loaded.some(({ vramBytes }) => (vramBytes ?? 0) > 0);
    const mayWork = cpuPercent === null || cpuPercent >= IDLE_CPU_PERCENT;
    const isGpuBusy = gpuPercent !== null && gpuPercent >= BUSY_GPU_PERCENT;
    return isGpuBusy && isOnGpu && mayWork ? 'gpu' : undefined;
  };
}

/** Is what was seen the work of calls that the monitor knows? */
function createExplanation() {
  let aftermathOfMs: number | undefined;
  let doneWithMs: number | undefined;
  return (
    { nowMs, tracked, cpuPercent }: Look,
    seen: { fromMs: number; moved: boolean; busy: boolean },
  ): boolean => {
    if (tracked.running > 0) return true;
    const { endedAtMs, endedEarly } = tracked;
    if (endedAtMs === undefined) return false;
    const isSettling = endedAtMs >= seen.fromMs - SETTLE_MS;
    if (endedEarly && endedAtMs !== doneWithMs) aftermathOfMs = endedAtMs;
    if (aftermathOfMs === undefined) return isSettling;
    const isQuiet = !isSettling && cpuPercent !== null && !seen.busy && !seen.moved;
    const isOver = seen.moved || isQuiet || nowMs - aftermathOfMs > MAX_AFTERMATH_MS;
    if (isOver) {
      doneWithMs = aftermathOfMs;
      aftermathOfMs = undefined;
    }
    return isSettling || !isOver || seen.moved;
  };
}
