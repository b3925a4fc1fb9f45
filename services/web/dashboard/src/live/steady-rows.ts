import { callKey, oldestFirst, type CallKey, type LiveState } from '@llm-monitor/contracts/live';
import type { ActiveRequest, EndedRequest } from '@llm-monitor/contracts/rest';

/** A row of the running calls. One whose call has ended keeps its place while rows are held. */
export interface SteadyRow {
  key: CallKey;
  call: ActiveRequest;
  hasEnded: boolean;
  /** how it ended, as soon as that is known */
  end: EndedRequest | null;
}

/** Ended rows that are held at most: nobody points at more. */
const MOST_HELD = 500;

/**
 * The rows to show, oldest first. While they are held none moves: an ended one stays, and new ones join at the end, so that
 * nothing else slides under a pointer that is about to press.
 */
export function steadyRows(
  shown: readonly SteadyRow[],
  { active, recent }: Pick<LiveState, 'active' | 'recent'>,
  isHeld: boolean,
): SteadyRow[] {
  const ended = shown.filter(({ key }) => !active.has(key)).length;
  if (!isHeld || ended > MOST_HELD) return [...active.values()].sort(oldestFirst).map(runningRow);
  const places = new Set(shown.map(({ key }) => key));
  const joined = [...active.values()].filter((call) => !places.has(callKey(call)));
  const ends = endsOf(shown, active, recent);
  return [
    ...shown.map((row) => heldRow(row, active.get(row.key), ends.get(row.key))),
    ...joined.sort(oldestFirst).map(runningRow),
  ];
}

function runningRow(call: ActiveRequest): SteadyRow {
  return { key: callKey(call), call, hasEnded: false, end: null };
}

function heldRow(
  row: SteadyRow,
  call: ActiveRequest | undefined,
  end: EndedRequest | undefined,
): SteadyRow {
  if (call) return { ...row, call, hasEnded: false, end: null };
  return { ...row, hasEnded: true, end: row.end ?? end ?? null };
}

/** Looked for only where a row has lost its call. */
function endsOf(
  shown: readonly SteadyRow[],
  active: LiveState['active'],
  recent: readonly EndedRequest[],
): ReadonlyMap<CallKey, EndedRequest> {
  const isNeeded = shown.some(({ key, end }) => !end && !active.has(key));
  return new Map(isNeeded ? recent.map((call) => [callKey(call), call]) : []);
}
