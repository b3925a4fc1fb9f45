/** A longer line is given as an empty one: no line that matters is so long. */
const MAX_LINE_BYTES = 1024 * 1024;
const NEWLINE = 10;

/** Cuts bytes into lines of text, wherever the chunks end: also in the middle of a character. */
export interface LineSplitter {
  add(bytes: Uint8Array): void;
  /** Gives a last line that had no newline. */
  end(): void;
}

export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
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
    let from = 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
      onLine(text.slice(from, at));
      from = at + 1;
    }
  };
  return {
    add(bytes) {
      if (held === 0 && bytes.at(-1) === NEWLINE && bytes.length <= MAX_LINE_BYTES) {
        return giveWhole(bytes);
      }
      let from = 0;
      for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, from)) {
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
