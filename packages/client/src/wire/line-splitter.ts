/** A longer line is given as an empty one: no line that matters is so long. */
const MAX_LINE_BYTES = 1024 * 1024;
const NEWLINE = 10;

/** Cuts bytes into lines of text, wherever the chunks end: also in the middle of a character. */
export interface LineSplitter {
  add(bytes: Uint8Array): void;
  /** Gives a last line that had no newline. */
  end(): void;
}

/**
 * @param skip where to go on in a text of whole lines: beyond those that need not be given, from where a line begins. By default none
 * is skipped
 */
export function createLineSplitter(
  onLine: (line: string) => void,
  skip: (text: string, from: number) => number = (_, from) => from,
): LineSplitter {
  let parts: Uint8Array[] = [];
  let held = 0;
  const hold = (part: Uint8Array) => {
    held += part.length;
    if (held <= MAX_LINE_BYTES) parts.push(part);
    else parts = [];
  };
  const give = () => {
    const line = held > MAX_LINE_BYTES ? '' : textOf(parts);
    parts = [];
    held = 0;
    onLine(line);
  };
  /** Most chunks are whole lines: read at once, which costs less than line by line. */
  const giveWhole = (bytes: Uint8Array) => {
    const text = textOf([bytes]);
    let from = skip(text, 0);
    for (let at = text.indexOf('\n', from); at !== -1; at = text.indexOf('\n', from)) {
      onLine(text.slice(from, at));
      from = skip(text, at + 1);
    }
  };
  return {
    add(bytes) {
      let from = 0;
      const last = bytes.length > MAX_LINE_BYTES ? -1 : bytes.lastIndexOf(NEWLINE);
      if (held > 0 && last !== -1) {
        from = bytes.indexOf(NEWLINE) + 1;
        hold(bytes.subarray(0, from - 1));
        give();
      }
      if (from <= last) {
        giveWhole(bytes.subarray(from, last + 1));
        from = last + 1;
      }
      for (let at = bytes.indexOf(NEWLINE, from); at !== -1; at = bytes.indexOf(NEWLINE, from)) {
        hold(bytes.subarray(from, at));
        give();
        from = at + 1;
      }
      if (from < bytes.length) hold(bytes.subarray(from));
    },
    end() {
      if (held > 0) give();
    },
  };
}

function textOf(parts: readonly Uint8Array[]): string {
  const [first] = parts;
  if (!first) return '';
  const whole = parts.length === 1 ? first : Buffer.concat(parts);
  const buffer =
    whole instanceof Buffer ? whole : Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength);
  return buffer.toString('utf8');
}
