import type { Phase, Verdict, VerdictOf } from '@llm-monitor/contracts/events';
import { BITS, type RequestRecord, type StoredProgress } from '@llm-monitor/contracts/redis';

import { round } from '../round.ts';
import type { Baseline } from './baselines.ts';
import { isAhead, isHolding } from './queue-order.ts';

/** A running call as it is kept. */
export interface RunningCall {
  record: RequestRecord;
  progress: StoredProgress | undefined;
}

/** What one call is judged by. */
export interface CallCase extends RunningCall {
  nowMs: number;
  baseline: Baseline;
  /** When its last token came; undefined where that cannot be told, as while progress is not heard. */
  lastTokenAtMs: number | undefined;
  /** When it was first seen to wait for its model. */
  loadingSinceMs: number | undefined;
  /** How much the model holds at once, where it is known. */
  contextTokens: number | undefined;
  /** All that run, this one too. */
  running: readonly RunningCall[];
}

/** Shorter silence is never a stall, whatever is usual. */
const STALL_FLOOR_MS = 10_000;
/** A server may hold a tool call back until it is whole. */
const STALL_FLOOR_WITH_TOOLS_MS = 60_000;
/** Where nothing is known of the model's pace. */
const STALL_UNKNOWN_MS = 30_000;
/** This many usual gaps of silence are a stall. */
const STALL_GAPS = 50;
/** Tokens of this call that tell its own pace. */
const OWN_PACE_TOKENS = 20;
const RUNAWAY_TIMES = 3;
const RUNAWAY_MIN_EXTRA_TOKENS = 500;
/** Chunks are not quite tokens. */
const LIMIT_TOLERANCE = 1.1;
/** A wait that everybody has says nothing. */
const QUEUED_AFTER_MS = 2000;
const LOADING_AFTER_MS = 2000;
const MAX_HOLDERS = 5;

/** What is noteworthy of one running call, the most urgent first. Pure; `before` keeps since when something holds. */
export function judgeRunning(call: CallCase, before: readonly Verdict[]): Verdict[] {
  const verdicts = [
    stalled(call),
    looping(call, before),
    runaway(call, before),
    loading(call),
    queued(call),
  ];
  return verdicts.filter((verdict) => verdict !== undefined);
}

function stalled(call: CallCase): VerdictOf<'stalled'> | undefined {
  const { record, lastTokenAtMs, nowMs } = call;
  if (lastTokenAtMs === undefined || !(record.bits & BITS.firstToken)) return undefined;
  const gapMs = call.baseline.gapMs ?? ownGapMs(call, lastTokenAtMs);
  const floorMs = record.toolNames?.length ? STALL_FLOOR_WITH_TOOLS_MS : STALL_FLOOR_MS;
  const limitMs =
    gapMs === undefined
      ? Math.max(floorMs, STALL_UNKNOWN_MS)
      : Math.max(floorMs, STALL_GAPS * gapMs);
  if (nowMs - lastTokenAtMs < limitMs) return undefined;
  return {
    kind: 'stalled',
    since: iso(lastTokenAtMs),
    reason: {
      ...(gapMs === undefined ? {} : { usualGapSeconds: round(gapMs / 1000, 3) }),
      limitSeconds: round(limitMs / 1000, 1),
    },
  };
}

/** The pace of the call itself, where the model's is not known yet. */
function ownGapMs({ record, progress }: CallCase, lastTokenAtMs: number): number | undefined {
  const tokens = progress?.chunks ?? 0;
  if (tokens < OWN_PACE_TOKENS || record.startedAtMs === undefined) return undefined;
  const firstAtMs = record.startedAtMs + (record.ttftMs ?? 0);
  return Math.max(0, lastTokenAtMs - firstAtMs) / tokens;
}

function looping(
  { progress }: CallCase,
  before: readonly Verdict[],
): VerdictOf<'looping'> | undefined {
  if (!progress?.repeating) return undefined;
  const { period, times } = progress.repeating;
  return {
    kind: 'looping',
    since: sinceOf(before, 'looping') ?? iso(progress.atMs),
    reason: { period, times },
  };
}

function runaway(call: CallCase, before: readonly Verdict[]): VerdictOf<'runaway'> | undefined {
  // Since it only grows, what was true stays true, with the figures of the moment at which it was seen.
  const known = before.find((verdict) => verdict.kind === 'runaway');
  if (known) return known;
  const tokens = call.progress?.chunks ?? 0;
  const { maxTokens } = call.record.parameters ?? {};
  const { contextTokens } = call;
  const usualTokens = call.baseline.outputTokens;
  const reason: VerdictOf<'runaway'>['reason'] = { tokens };
  if (maxTokens !== undefined && maxTokens > 0 && tokens > maxTokens * LIMIT_TOLERANCE + 1) {
    reason.maxTokens = maxTokens;
  }
  if (contextTokens && tokens >= contextTokens) reason.contextTokens = contextTokens;
  if (usualTokens !== undefined && tokens > farBeyond(usualTokens)) {
    reason.usualTokens = usualTokens;
  }
  if (Object.keys(reason).length === 1) return undefined;
  return { kind: 'runaway', since: iso(call.nowMs), reason };
}

function farBeyond(usual: number): number {
  return Math.max(RUNAWAY_TIMES * usual, usual + RUNAWAY_MIN_EXTRA_TOKENS);
}

function loading(call: CallCase): VerdictOf<'loading'> | undefined {
  const { loadingSinceMs, nowMs, baseline } = call;
  if (loadingSinceMs === undefined || phaseOf(call) !== 'loading') return undefined;
  if (nowMs - loadingSinceMs < LOADING_AFTER_MS) return undefined;
  const usual =
    baseline.loadMs === undefined ? {} : { usualSeconds: round(baseline.loadMs / 1000, 1) };
  return { kind: 'loading', since: iso(loadingSinceMs), reason: usual };
}

function queued(call: CallCase): VerdictOf<'queued'> | undefined {
  const { startedAtMs } = call.record;
  if (phaseOf(call) !== 'queued' || startedAtMs === undefined) return undefined;
  if (call.nowMs - startedAtMs < QUEUED_AFTER_MS) return undefined;
  const ahead = call.running.filter((other) => isAhead(other, call));
  if (ahead.length === 0) return undefined;
  const holders = ahead.filter(isHolding).slice(0, MAX_HOLDERS);
  return {
    kind: 'queued',
    since: iso(startedAtMs),
    reason: {
      ahead: ahead.length,
      behind: holders.map(({ record: { id, app } }) => ({ id, app })),
    },
  };
}

/** As far as events and agents tell. */
export function phaseOf({ record, progress }: RunningCall): Phase {
  if (record.bits & BITS.firstToken) return 'generating';
  return (progress?.phase as Phase | undefined) ?? 'waiting';
}

function sinceOf(before: readonly Verdict[], kind: Verdict['kind']): string | undefined {
  return before.find((verdict) => verdict.kind === kind)?.since;
}

const iso = (ms: number): string => new Date(ms).toISOString();
