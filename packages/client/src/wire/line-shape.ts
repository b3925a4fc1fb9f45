/**
 * Knows lines again that differ from one that was understood in their text alone, as most lines of a streamed answer do:
 * for a fraction of what it costs to parse them, and with the same result.
 */
export interface LineShape {
  /**
   * Reads lines of the learnt shape that follow one another from `from` on, up to one that is any different or has to be unescaped.
   * @returns where that begins, and what those before it say
   */
  readRun(lines: string, from: number): Run;
  /**
   * Learns from a line of JSON that says `text` and nothing else, and in which another string, `stamp`, may differ too when it comes
   * before. Where it is not plain which part of the line the text is, nothing is learnt.
   */
  learn(line: string, text: string, more?: LineSurroundings): void;
}

/** What else is known of a line. */
export interface LineSurroundings {
  stamp?: unknown;
  /** What stands before the JSON; by default nothing. */
  before?: string;
  /** What stands behind it; by default one line break. */
  after?: string;
}

/** Lines of one shape. */
export interface Run {
  /** Behind the last of them. */
  end: number;
  lines: number;
  /** Their texts, one after the other. */
  text: string;
}

interface Shape {
  head: string;
  /** Between the stamp and the text; undefined where there is no stamp. */
  middle: string | undefined;
  tail: string;
  /** A tail and the head of the next line. */
  seam: string;
  /** Length of the tail up to its first line break. */
  toLineEnd: number;
}

/** Where every line differs otherwise too, learning from each would cost more than it spares. */
const MOST_LESSONS = 16;

export function createLineShape(): LineShape {
  let shape: Shape | undefined;
  let lessons = 0;
  return {
    readRun: (lines, from) =>
      shape ? readLines(lines, from, shape) : { end: from, lines: 0, text: '' },
    learn(line, text, { stamp, before = '', after = '\n' } = {}) {
      // What says nothing, as a call of a tool, need not have it anywhere: another string may be empty.
      if (text === '') return;
      lessons += 1;
      const place = lessons > MOST_LESSONS ? undefined : onlyPlaceOf(line, text);
      if (!place) return;
      const end = line.slice(place.to);
      const stamped = typeof stamp === 'string' ? onlyPlaceOf(line, stamp) : undefined;
      const isStamped = stamped !== undefined && stamped.to < place.from;
      const head = before + line.slice(0, isStamped ? stamped.from : place.from);
      shape = {
        head,
        middle: isStamped ? line.slice(stamped.to, place.from) : undefined,
        tail: end + after,
        seam: end + after + head,
        toLineEnd: end.length,
      };
    },
  };
}

/** As `startsWith`, in a fifth of its time. */
function isAt(text: string, at: number, part: string): boolean {
  return text.slice(at, at + part.length) === part;
}

/** Reads lines up to one that is none of the shape, or has to be unescaped. */
function readLines(lines: string, from: number, shape: Shape): Run {
  const { head, middle, tail, seam, toLineEnd } = shape;
  const run: Run = { end: from, lines: 0, text: '' };
  if (!isAt(lines, from, head)) return run;
  for (let at = from + head.length; ; at = run.end + head.length) {
    const lineEnd = lines.indexOf('\n', at);
    let textFrom = at;
    if (middle !== undefined) {
      const quote = lines.indexOf('"', at);
      if (quote === -1 || lines[quote - 1] === '\\' || !isAt(lines, quote, middle)) return run;
      textFrom = quote + middle.length;
    }
    // The tail begins with the quote behind the text and goes on beyond the end of the line: so nothing else is quoted in between.
    const to = lines.indexOf('"', textFrom);
    if (to <= textFrom || to + toLineEnd !== lineEnd) return run;
    // Each part that is cut out is garbage: so this line's tail and the next one's head are looked at as one.
    const goesOn = isAt(lines, to, seam);
    if (!goesOn && !isAt(lines, to, tail)) return run;
    const text = lines.slice(textFrom, to);
    if (text.includes('\\')) return run;
    run.text += text;
    run.lines += 1;
    run.end = to + tail.length;
    if (!goesOn) return run;
  }
}

interface Place {
  from: number;
  to: number;
}

/** Where the only string of this value stands in a line, between its quotes. */
function onlyPlaceOf(line: string, text: string): Place | undefined {
  const quoted = JSON.stringify(text);
  const at = line.indexOf(quoted);
  if (at === -1 || quoted.length !== text.length + 2 || line.includes(quoted, at + 1)) {
    return undefined;
  }
  return { from: at + 1, to: at + 1 + text.length };
}
