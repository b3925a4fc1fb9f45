import type { CallTracker } from '../call/call-tracker.ts';
import { trackPiece, type Piece } from '../wire/wire-format.ts';

/** What the messages of an answer have brought since it was last told of: one thing, however many they were. */
export interface PendingOutput {
  /** When the first of it came that means something; undefined when nothing has. On the clock of `performance.now()`. */
  sinceMs(): number | undefined;
  /** Must be fast: it runs for each message, on the path of the call. */
  add(piece: Piece): void;
  /** And forgets it. */
  tellTo(tracker: CallTracker | undefined): void;
}

/** @param keptChars so much of an answer's text is worth keeping once it has ended */
export function createPendingOutput(keptChars: number): PendingOutput {
  let chars = 0;
  // Not added to one another: what is made of many texts keeps them all.
  let texts: string[] = [];
  let thoughts: string[] = [];
  let chunks = 0;
  let sinceMs: number | undefined;
  let last: Piece | undefined;
  return {
    sinceMs: () => sinceMs,
    add(piece) {
      // What comes after the end is nothing.
      if (last || !(piece.isOutput || piece.end)) return;
      sinceMs ??= piece.atMs;
      if (piece.end) {
        last = piece;
        // The rest was for those who look whether it repeats itself, which nobody asks at the end.
        texts = [texts.join('').slice(0, keptChars)];
        thoughts = [];
      } else {
        chunks += 1;
        chars += piece.chars;
        if (piece.text) texts.push(piece.text);
        if (piece.thinking) thoughts.push(piece.thinking);
      }
    },
    tellTo(tracker) {
      if (sinceMs === undefined) return;
      if (chunks > 0) {
        const output = { chunks, chars, text: texts.join(''), thinking: thoughts.join('') };
        tracker?.output(output, sinceMs);
      }
      if (last && tracker) trackPiece(last, tracker);
      chunks = 0;
      chars = 0;
      texts = [];
      thoughts = [];
      sinceMs = undefined;
      last = undefined;
    },
  };
}
