import type { Verdict } from '@llm-monitor/contracts/events';
import { BITS, requestMember } from '@llm-monitor/contracts/redis';

import { baselineKey, type Baseline } from './baselines.ts';
import { judgeRunning, phaseOf, type RunningCall } from './judge-running.ts';

/** Progress of running calls is dropped as a whole once none was heard for so long. */
const PROGRESS_KEPT_MS = 30_000;
/** Two beats and a half. */
const BEAT_FRESH_MS = 25_000;

/** What all calls are judged by at one moment. */
export interface Surroundings {
  nowMs: number;
  baselines: ReadonlyMap<string, Baseline>;
  contextOf(call: RunningCall['record']): number | undefined;
  /** When the process that makes the call last beat; undefined for one that never does. */
  beatAtMs(call: RunningCall['record']): number | undefined;
  /** Since when progress has been heard without a break. */
  heardSinceMs: number;
}

/** Verdicts by request member; calls without any are not in it. */
export type Verdicts = ReadonlyMap<string, readonly Verdict[]>;

/** Looks at the running calls again and again, and remembers of them what is not kept elsewhere. */
export interface VerdictWatch {
  look(running: readonly RunningCall[], of: Surroundings): Verdicts;
}

interface Memory {
  tokens: number;
  lastTokenAtMs: number | undefined;
  loadingSinceMs: number | undefined;
}

/** @param known verdicts of whoever judged before: since when something holds is taken from them */
export function createVerdictWatch(known: Verdicts = new Map()): VerdictWatch {
  let memories = new Map<string, Memory>();
  let verdicts = known;
  return {
    look(running, of) {
      const nextMemories = new Map<string, Memory>();
      const next = new Map<string, readonly Verdict[]>();
      for (const call of running) {
        const { record } = call;
        const member = requestMember(record.app, record.id);
        const before = verdicts.get(member) ?? [];
        const memory = remember(memories.get(member), call, before, of.nowMs);
        nextMemories.set(member, memory);
        const judged = judgeRunning(
          {
            ...call,
            ...{ nowMs: of.nowMs, running },
            baseline: of.baselines.get(baselineKey(record)) ?? {},
            lastTokenAtMs: heardToken(memory, of.beatAtMs(record), of),
            loadingSinceMs: memory.loadingSinceMs,
            contextTokens: of.contextOf(record),
          },
          before,
        );
        if (judged.length > 0) next.set(member, judged);
      }
      memories = nextMemories;
      verdicts = next;
      return next;
    },
  };
}

/** While nothing could be heard no call was silent. Of a process that has not beaten since, silence says nothing of its calls. */
function heardToken(
  { lastTokenAtMs }: Memory,
  beatAtMs: number | undefined,
  { heardSinceMs, nowMs }: Surroundings,
): number | undefined {
  if (lastTokenAtMs === undefined) return undefined;
  const isSilent =
    beatAtMs !== undefined && (beatAtMs < lastTokenAtMs || nowMs - beatAtMs > BEAT_FRESH_MS);
  return isSilent ? undefined : Math.max(lastTokenAtMs, heardSinceMs);
}

function remember(
  known: Memory | undefined,
  call: RunningCall,
  before: readonly Verdict[],
  nowMs: number,
): Memory {
  const tokens = Math.max(known?.tokens ?? 0, call.progress?.chunks ?? 0);
  const isNew = tokens > (known?.tokens ?? 0);
  const told = isNew ? call.progress?.atMs : known?.lastTokenAtMs;
  return {
    tokens,
    lastTokenAtMs: told ?? known?.lastTokenAtMs ?? firstSeenToken(call, before, nowMs),
    loadingSinceMs:
      phaseOf(call) === 'loading'
        ? (known?.loadingSinceMs ?? timeOf(before, 'loading') ?? call.progress?.atMs ?? nowMs)
        : undefined,
  };
}

/** Of a call whose progress is not kept: as whoever judged before knew it, or the first token, or so long ago that none is kept. */
function firstSeenToken(
  { record }: RunningCall,
  before: readonly Verdict[],
  nowMs: number,
): number | undefined {
  const judged = timeOf(before, 'stalled');
  if (judged !== undefined) return judged;
  if (!(record.bits & BITS.firstToken) || record.startedAtMs === undefined) return undefined;
  return Math.max(record.startedAtMs + (record.ttftMs ?? 0), nowMs - PROGRESS_KEPT_MS);
}

function timeOf(before: readonly Verdict[], kind: Verdict['kind']): number | undefined {
  const since = before.find((verdict) => verdict.kind === kind)?.since;
  return since === undefined ? undefined : Date.parse(since);
}
