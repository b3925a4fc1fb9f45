/** A repetition at the end of what was generated: characters of what is repeated, and how often it came. */
export interface Repetition {
  period: number;
  times: number;
}

/** Finds out whether the end of a text that grows repeats itself. Keeps the last characters only. */
export interface RepetitionWatch {
  /** Cheap: it runs for each piece. */
  add(text: string): void;
  /** The repetition that goes on now, looked for at most once a second. Times are on the clock of `performance.now()`. */
  look(nowMs: number): Repetition | undefined;
}

const LOOK_EVERY_MS = 1000;
/** What is looked at; a longer paragraph that repeats itself is not seen. */
const TAIL_CHARS = 800;
/** Appended to without cutting up to here: a cut costs more than a piece. */
const HELD_CHARS = 4 * TAIL_CHARS;
/** Of the tail; less is a rhyme, a heading, the line of a table. */
const MIN_TAIL_CHARS = 240;
const MIN_TIMES = 4;
/** Something of this length with words in it is a sentence or a line. */
const LINE_CHARS = 20;
/**
 * What must have repeated itself to be a loop. Empty cells, nulls and equal values may rightly come often, and rulers, padding, zeros and
 * base64 of nothing for longer still.
 */
const MIN_CHARS = { lines: 800, words: 1600, signs: 3000 };

/**
 * A period is taken from the text's end backwards and must go on from look to look, so that also what is longer than the tail is counted
 * as a whole. A text counts as looping only when it comes back exactly, several times, and for longer than lists, tables and code do.
 */
export function createRepetitionWatch(): RepetitionWatch {
  return new Watch();
}

class Watch implements RepetitionWatch {
  private held = '';
  private total = 0;
  private lookedAtMs = -Infinity;
  private lookedTotal = 0;
  private found: { period: number; fromTotal: number; minChars: number } | undefined = undefined;
  private said: Repetition | undefined = undefined;

  add(text: string): void {
    this.held += text;
    this.total += text.length;
    if (this.held.length > HELD_CHARS) this.held = this.held.slice(-TAIL_CHARS);
  }

  look(nowMs: number): Repetition | undefined {
    if (nowMs - this.lookedAtMs < LOOK_EVERY_MS) return this.said;
    this.lookedAtMs = nowMs;
    this.said = this.search();
    return this.said;
  }

  private search(): Repetition | undefined {
    const tail = this.held.slice(-TAIL_CHARS);
    this.held = tail;
    const { total, found } = this;
    const { period, length } = longestRepetition(tail);
    const added = total - this.lookedTotal;
    this.lookedTotal = total;
    if (length < MIN_TAIL_CHARS) {
      this.found = undefined;
      return undefined;
    }
    // It goes on where all that came since repeats, as far as it is still held.
    const goesOn = found?.period === period && length >= Math.min(added + period, tail.length);
    const now =
      found && goesOn
        ? found
        : { period, fromTotal: total - length, minChars: minCharsOf(tail.slice(-period)) };
    this.found = now;
    const repeated = total - now.fromTotal;
    const times = Math.floor(repeated / period);
    return repeated >= now.minChars && times >= MIN_TIMES ? { period, times } : undefined;
  }
}

/**
 * The longest end of `text` that is one thing at least twice in a row, the last time perhaps in part, and the length of that thing.
 * Linear: the failure function of Knuth, Morris and Pratt over the text read backwards, whose every prefix is an end of the text.
 */
export function longestRepetition(text: string): { period: number; length: number } {
  const end = text.length - 1;
  const borders = new Uint16Array(text.length);
  let best = { period: 0, length: 0 };
  for (let at = 1, border = 0; at < text.length; at++) {
    const code = text.charCodeAt(end - at);
    while (border > 0 && code !== text.charCodeAt(end - border)) border = borders[border - 1] ?? 0;
    if (code === text.charCodeAt(end - border)) border++;
    borders[at] = border;
    const period = at + 1 - border;
    if (2 * period <= at + 1) best = { period, length: at + 1 };
  }
  return best;
}

/** Words are letters after one another and something between them and the next. */
function minCharsOf(repeated: string): number {
  const hasWords = /\p{L}{2}/u.test(repeated) && /[^\p{L}\p{N}+/=]/u.test(repeated);
  if (!hasWords) return MIN_CHARS.signs;
  return repeated.length < LINE_CHARS ? MIN_CHARS.words : MIN_CHARS.lines;
}
