import type { Verdict } from '@llm-monitor/contracts/events';
import type { Verdicts } from '@llm-monitor/read-model';

/** A verdict that began or ceased to hold. */
export interface VerdictChange {
  member: string;
  verdict: Verdict;
  what: 'raised' | 'cleared';
}

/** What began and what ceased from one look to the next; a verdict whose numbers alone are others is neither. */
export function verdictChanges(before: Verdicts, now: Verdicts): VerdictChange[] {
  return [...missing(before, now, 'cleared'), ...missing(now, before, 'raised')];
}

function missing(of: Verdicts, from: Verdicts, what: VerdictChange['what']): VerdictChange[] {
  return [...of].flatMap(([member, verdicts]) => {
    const others = new Set(from.get(member)?.map(identity));
    return verdicts
      .filter((verdict) => !others.has(identity(verdict)))
      .map((verdict) => ({ member, verdict, what }));
  });
}

const identity = ({ kind, since }: Verdict): string => `${kind} ${since}`;

/** What stays noteworthy of a call once it has ended; what it waited for stands in its phases. */
const KEPT: ReadonlySet<Verdict['kind']> = new Set(['stalled', 'looping', 'runaway', 'truncated']);

/** Of two lists of verdicts on one ended call, one of each kind, the later one. */
export function keptVerdicts(one: readonly Verdict[], other: readonly Verdict[]): Verdict[] {
  const byKind = new Map([...one, ...other].map((verdict) => [verdict.kind, verdict]));
  return [...byKind.values()].filter(({ kind }) => KEPT.has(kind));
}
