import type { CallKey, FeedOp } from '@llm-monitor/contracts/live';

import { keyOfOp } from './coalesce-ops.ts';

/** Knows which calls are demo traffic, since a first token does not say so itself. */
export interface DemoCalls {
  note(op: FeedOp): void;
  add(key: CallKey): void;
  isDemo(op: FeedOp): boolean;
  /** Of running calls. */
  has(key: CallKey): boolean;
}

/** @param limit how many running demo calls are remembered; the oldest are forgotten first */
export function createDemoCalls(limit: number): DemoCalls {
  const running = new Set<CallKey>();
  const add = (key: CallKey) => {
    running.add(key);
    if (running.size <= limit) return;
    for (const oldest of running) {
      running.delete(oldest);
      return;
    }
  };
  return {
    add,
    has: (key) => running.has(key),
    note(op) {
      if (op[0] === 'start' && op[1].demo) add(keyOfOp(op));
      else if (op[0] === 'end') running.delete(keyOfOp(op));
    },
    isDemo: (op) => (op[0] === 'first' ? running.has(op[1]) : op[1].demo),
  };
}
