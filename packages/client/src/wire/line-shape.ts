/**
 * Knows lines again that differ from one that was understood in their text alone, as most lines of a streamed answer do:
 * for a fraction of what it costs to parse them, and with the same result.
 */
export interface LineShape {
  /** The text of a line of the learnt shape; undefined when it is any different, or has to be unescaped. */
  textOf(line: string): string | undefined;
  /**
   * Learns from a line of JSON that says `text` and nothing else, and in which another string, `stamp`, may differ too when it comes
   * before. Where it is not plain which part of the line the text is, nothing is learnt.
   */
  learn(line: string, text: string, stamp?: unknown): void;
}

interface Shape {
  head: string;
  /** Between the stamp and the text; undefined where there is no stamp. */
  middle: string | undefined;
  tail: string;
}

/** Where every line differs otherwise too, learning from each would cost more than it spares. */
const MOST_LESSONS = 16;

export function createLineShape(): LineShape {
  let shape: Shape | undefined;
  let lessons = 0;
  return {
    textOf(line) {
      if (!shape) return undefined;
      const { head, middle, tail } = shape;
      if (!line.startsWith(head) || !line.endsWith(tail)) return undefined;
      let from = head.length;
      if (middle !== undefined) {
        const at = line.indexOf('"', from);
        if (at === -1 || line[at - 1] === '\\' || !line.startsWith(middle, at)) return undefined;
        from = at + middle.length;
      }
      const text = line.slice(from, Math.max(from, line.length - tail.length));
      return text === '' || text.includes('"') || text.includes('\\') ? undefined : text;
    },
    learn(line, text, stamp) {
      lessons += 1;
      const place = lessons > MOST_LESSONS ? undefined : onlyPlaceOf(line, text);
      if (!place) return;
      const tail = line.slice(place.to);
      const stamped = typeof stamp === 'string' ? onlyPlaceOf(line, stamp) : undefined;
      shape =
        stamped && stamped.to < place.from
          ? { head: line.slice(0, stamped.from), middle: line.slice(stamped.to, place.from), tail }
          : { head: line.slice(0, place.from), middle: undefined, tail };
    },
  };
}

/** Where the only string of this value stands in a line, between its quotes. */
function onlyPlaceOf(line: string, text: string): { from: number; to: number } | undefined {
  const quoted = JSON.stringify(text);
  const at = line.indexOf(quoted);
  if (at === -1 || quoted.length !== text.length + 2 || line.includes(quoted, at + 1)) {
    return undefined;
  }
  return { from: at + 1, to: at + 1 + text.length };
}
