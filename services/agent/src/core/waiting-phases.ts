import type { Phase } from '@llm-monitor/contracts/events';

/** A call that has not generated anything yet, as far as events tell. */
export interface WaitingCall {
  key: string;
  model: string;
}

/** What a server shows of itself at one look. */
export interface ServerLook {
  /** Names of the models that are in memory, and ready. */
  ready: ReadonlySet<string>;
  /** Calls of each model that generate now. */
  generating: ReadonlyMap<string, number>;
}

/** Finds out what running calls wait for. Servers do not say, so all of it is an estimate. */
export interface WaitingPhases {
  /** @param waiting in the order in which they were made */
  look(waiting: readonly WaitingCall[], server: ServerLook): Map<string, Phase>;
}

/** Names come from outside: those that generated last are known. */
const MAX_MODELS = 1000;

/**
 * A model that is not in memory is being loaded for the call that came first, and the others queue behind it. One that is ready reads the
 * prompts of as many calls as it was ever seen to serve at once; what is beyond queues. A phase never goes back.
 */
export function createWaitingPhases(): WaitingPhases {
  const slots = new Map<string, number>();
  let before = new Map<string, Phase>();
  return {
    look(waiting, { ready, generating }) {
      for (const [model, count] of generating) {
        const most = Math.max(count, slots.get(model) ?? 1);
        slots.delete(model);
        slots.set(model, most);
        const [oldest] = slots.keys();
        if (slots.size > MAX_MODELS && oldest !== undefined) slots.delete(oldest);
      }
      const taken = new Map(generating);
      const phases = new Map<string, Phase>();
      // Who reads its prompt already holds its slot.
      const inOrder = waiting.toSorted(
        (a, b) => Number(before.get(b.key) === 'prompt') - Number(before.get(a.key) === 'prompt'),
      );
      for (const { key, model } of inOrder) {
        const others = taken.get(model) ?? 0;
        const hasSlot = others < (slots.get(model) ?? 1);
        if (hasSlot) taken.set(model, others + 1);
        const now = !hasSlot ? 'queued' : ready.has(model) ? 'prompt' : 'loading';
        phases.set(key, later(before.get(key), now));
      }
      before = phases;
      return phases;
    },
  };
}

const ORDER: readonly Phase[] = ['waiting', 'queued', 'loading', 'prompt', 'generating'];

function later(one: Phase | undefined, other: Phase): Phase {
  return one !== undefined && ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other;
}
