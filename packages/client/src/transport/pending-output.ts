import type { CallTracker } from '../call/call-tracker.ts';
import { trackPiece, type Piece } from '../wire/wire-format.ts';

/** What the messages of an answer have brought since it was last told of: one thing, however many they were. */
export interface PendingOutput {
  /** When the first of it came that means something; undefined when nothing has. On the clock of `performance.now()`. */
  readonly sinceMs: number | undefined;
  /** Must be fast: it runs for each message, on the path of the call. */
  add(piece: Piece): void;
  /** And forgets it. */
  tellTo(tracker: CallTracker | undefined): void;
}

/** @param keptChars so much of an answer's text is worth keeping once it has ended */
export function createPendingOutput(keptChars: number): PendingOutput {
  let chunks = 0;
  let chars = 0;
  let text = '';
  let thinking = '';
  let sinceMs: number | undefined;
  let last: Piece | undefined;
  return {
    get sinceMs() {
      return sinceMs;
    },
    add(piece) {
      // What comes after the end is nothing.
      if (last || !(piece.isOutput || piece.end)) return;
      sinceMs ??= piece.atMs;
      if (piece.end) {
        last = piece;
        // The rest was for those who look whether it repeats itself, which nobody asks at the end. Also makes one text of many.
        text = text.slice(0, keptChars);
        thinking = '';
      } else {
        chunks += 1;
        chars += piece.chars;
        text += piece.text;
        if (piece.thinking) thinking += piece.thinking;
      }
    },
    tellTo(tracker) {
      if (sinceMs === undefined) return;
      if (chunks > 0) tracker?.output({ chunks, chars, text, thinking }, sinceMs);
      if (last && tracker) trackPiece(last, tracker);
      [chunks, chars, text, thinking] = [0, 0, '', ''];
      sinceMs = undefined;
      last = undefined;
    },
  };
}
