import type { CallTracker } from '../call/call-tracker.ts';
import { trackPiece, type Piece } from '../wire/wire-format.ts';

/** What the messages of an answer have brought since it was last told of: one thing, however many they were. */
export class PendingOutput {
  /** When the first of it came that means something; undefined when nothing has. On the clock of `performance.now()`. */
  sinceMs: number | undefined = undefined;
  private chunks = 0;
  private chars = 0;
  // Not added to one another: what is made of many texts keeps them all.
  private texts: string[] = [];
  private textChars = 0;
  /** The texts behind those that are kept whatever comes: for those who look whether it repeats itself, which nobody asks at the end. */
  private further: string[] = [];
  private thoughts: string[] = [];
  private last: Piece | undefined = undefined;
  private readonly keptChars: number;

  /** @param keptChars so much of an answer's text is worth keeping once it has ended */
  constructor(keptChars: number) {
    this.keptChars = keptChars;
  }

  /** Must be fast: it runs for each message, on the path of the call. */
  add(piece: Piece): void {
    // What comes after the end is nothing.
    if (this.last || !(piece.isOutput || piece.end)) return;
    this.sinceMs ??= piece.atMs;
    if (piece.end) {
      this.last = piece;
      this.further = [];
      this.thoughts = [];
    } else {
      this.chunks += 1;
      this.chars += piece.chars;
      if (piece.text) this.addText(piece.text);
      if (piece.thinking) this.thoughts.push(piece.thinking);
    }
  }

  /** The text of a message that says nothing else. */
  addPlain(text: string): void {
    if (this.last) return;
    this.chunks += 1;
    this.chars += text.length;
    this.addText(text);
  }

  private addText(text: string): void {
    if (this.textChars >= this.keptChars) {
      this.further.push(text);
      return;
    }
    this.texts.push(text);
    this.textChars += text.length;
  }

  /** And forgets it. */
  tellTo(tracker: CallTracker | undefined): void {
    const { sinceMs, chunks, chars, last } = this;
    if (sinceMs === undefined) return;
    if (chunks > 0) {
      const kept = this.texts.join('');
      const text = last ? kept.slice(0, this.keptChars) : kept + this.further.join('');
      const output = { chunks, chars, text, thinking: this.thoughts.join('') };
      tracker?.output(output, sinceMs);
    }
    if (last && tracker) trackPiece(last, tracker);
    this.chunks = 0;
    this.chars = 0;
    this.texts = [];
    this.textChars = 0;
    this.further = [];
    this.thoughts = [];
    this.sinceMs = undefined;
    this.last = undefined;
  }
}
