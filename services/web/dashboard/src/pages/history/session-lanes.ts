import type { EndedRequest } from '@llm-monitor/contracts/rest';

/** A call on a timeline: where it begins and how long it is, percent of the whole, and in which lane it lies. */
export interface TimelineBar {
  call: EndedRequest;
  left: number;
  width: number;
  lane: number;
}

export interface Timeline {
  bars: TimelineBar[];
  lanes: number;
  startMs: number;
  endMs: number;
}

/** Calls side by side in time; those that overlap lie in lanes of their own. */
export function timelineOf(calls: readonly EndedRequest[]): Timeline | null {
  const ordered = [...calls].sort((a, b) => startOf(a) - startOf(b));
  const [first] = ordered;
  if (!first) return null;
  const startMs = startOf(first);
  const endMs = Math.max(...ordered.map((call) => Date.parse(call.ended_at)), startMs + 1);
  const laneEnds: number[] = [];
  const bars = ordered.map((call) => {
    const from = startOf(call);
    const free = laneEnds.findIndex((end) => end <= from);
    const lane = free < 0 ? laneEnds.length : free;
    laneEnds[lane] = Date.parse(call.ended_at);
    const percent = (ms: number) => (100 * ms) / (endMs - startMs);
    return { call, lane, left: percent(from - startMs), width: percent(laneEnds[lane] - from) };
  });
  return { bars, lanes: laneEnds.length, startMs, endMs };
}

const startOf = (call: EndedRequest) => Date.parse(call.started_at);
