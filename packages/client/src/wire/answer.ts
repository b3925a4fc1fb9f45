import type { CallResult } from '../call/call-result.ts';
import type { JsonObject } from './json-fields.ts';
import { errorIn } from './api-error.ts';
import type { Piece } from './wire-format.ts';

/** What one message of an answer says. */
export type Said = Pick<Piece, 'chars' | 'text' | 'thinking' | 'isOutput'>;

export const NOTHING_SAID: Said = { chars: 0, text: '', isOutput: false };

/** How a call ended. */
export type Ending = Omit<CallResult, 'atMs'>;

/** What is known of an answer so far. */
export interface AnswerFacts extends Pick<
  CallResult,
  'finishReason' | 'inputTokens' | 'outputTokens' | 'error'
> {
  /** `finished`: nothing more will be generated, counts may still come. `over`: nothing will come that matters. */
  state: 'open' | 'finished' | 'over';
}

/** Reads one answer: the events of a stream, or the one object that answers without streaming. */
export interface Answer {
  read(message: JsonObject): Said;
  state(): AnswerFacts['state'];
  /** How the call ended, when what was read is all there is. */
  ending(): Ending;
}

export function createAnswer(read: (message: JsonObject, facts: AnswerFacts) => Said): Answer {
  const facts: AnswerFacts = { state: 'open' };
  return {
    read(message) {
      const error = errorIn(message);
      if (!error) return read(message, facts);
      Object.assign(facts, { error, state: 'over' });
      return NOTHING_SAID;
    },
    state: () => facts.state,
    ending() {
      const { state: _, ...known } = facts;
      return { outcome: known.error ? 'error' : 'completed', ...known };
    },
  };
}
