import {
  applyFrame,
  stateFromSnapshot,
  type Frame,
  type LiveState,
  type Resume,
  type Snapshot,
} from '@llm-monitor/contracts/live';

import type { Store } from '../store/store.ts';

/** How long to wait for the answer to a `resume` before asking again. */
const RESUME_AGAIN_MS = 3000;

type Message = { snapshot: Snapshot } | { frame: Frame };

/** Gathers messages, and applies all of them before a paint. */
export interface Inbox {
  push(message: Message): void;
  /** A new connection: what was asked of the one before is not answered any more. */
  reset(): void;
}

export interface InboxOptions {
  live: Store<LiveState | null>;
  monotonicMs: () => number;
  /** Calls back before the next paint, or soon where nothing is painted. */
  nextFrame: (flush: () => void) => void;
  /** Asks the server for what is missing. */
  ask: (resume: Resume) => void;
  onApplied: () => void;
}

export function createInbox({ live, monotonicMs, nextFrame, ask, onApplied }: InboxOptions): Inbox {
  let messages: Message[] = [];
  let askedAt = -Infinity;

  const apply = (state: LiveState | null, message: Message): LiveState | null => {
    if ('snapshot' in message) {
      askedAt = -Infinity;
      return stateFromSnapshot(message.snapshot);
    }
    if (!state) return null;
    const applied = applyFrame(state, message.frame);
    const isBehind = applied.verdict === 'gap' || applied.verdict === 'other-epoch';
    if (isBehind && monotonicMs() - askedAt >= RESUME_AGAIN_MS) {
      askedAt = monotonicMs();
      ask({ epoch: state.epoch, pos: state.pos });
    }
    return applied.state;
  };
  const flush = () => {
    const received = messages;
    messages = [];
    live.set(received.reduce(apply, live.get()));
    onApplied();
  };
  return {
    push(message) {
      messages.push(message);
      if (messages.length === 1) nextFrame(flush);
    },
    reset() {
      askedAt = -Infinity;
    },
  };
}
