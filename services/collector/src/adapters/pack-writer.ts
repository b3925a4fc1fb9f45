/** The buffer between two lists; a longer list is handed out with the one that it grew into. */
const KEPT_BYTES = 256 * 1024;
const LIST_HEAD_BYTES = 5;
/** A longer text is faster written by one call, and its head has another form. */
const MOST_BY_CHARACTER = 100;
/** Of a text or a number, but for the text itself. */
const MOST_HEAD_BYTES = 9;
const [LIST_32, TEXT_SHORT, TEXT_8, TEXT_32] = [0xdd, 0xa0, 0xd9, 0xdb];
const [UNSIGNED_16, UNSIGNED_32, DOUBLE] = [0xcd, 0xce, 0xcb];
const UTF8_MOST = 3;

/** Looked up at a text, it would be looked for at every character: texts are of more kinds than V8 remembers for one place. */
const { charCodeAt } = String.prototype;

/**
 * Writes one flat list of texts and numbers as MessagePack, which `cmsgpack` of Redis reads, value by value. Libraries take a list that has to
 * be made first, and look at each value for what it is.
 */
export interface PackWriter {
  /** Begins a list, whatever became of the one before. */
  begin(): void;
  text(value: string): void;
  number(value: number): void;
  /** A number below 65,536 that is known later. @returns where it stands */
  later(): number;
  tell(at: number, value: number): void;
  /** How many values there are by now. */
  count(): number;
  /** The list. */
  end(): Buffer;
}

export function createPackWriter(): PackWriter {
  let bytes = Buffer.allocUnsafeSlow(KEPT_BYTES);
  let used = LIST_HEAD_BYTES;
  let count = 0;

  const makeRoom = (more: number) => {
    if (used + more <= bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * bytes.length + more);
    larger.set(bytes.subarray(0, used));
    bytes = larger;
  };
  const putLong = (text: string) => {
    const length = bytes.write(text, used + 5);
    bytes[used] = TEXT_32;
    bytes.writeUInt32BE(length, used + 1);
    used += 5 + length;
  };

  return {
    begin() {
      used = LIST_HEAD_BYTES;
      count = 0;
    },
    text(value) {
      count++;
      const { length } = value;
      makeRoom(MOST_HEAD_BYTES + UTF8_MOST * length);
      if (length > MOST_BY_CHARACTER) return putLong(value);
      let at = used;
      if (length < 32) bytes[at++] = TEXT_SHORT | length;
      else {
        bytes[at++] = TEXT_8;
        bytes[at++] = length;
      }
      for (let i = 0; i < length; i++) {
        const code = charCodeAt.call(value, i);
        // Not ASCII: begun anew.
        if (code > 0x7f) return putLong(value);
        bytes[at++] = code;
      }
      used = at;
    },
    number(value) {
      count++;
      makeRoom(MOST_HEAD_BYTES);
      const isWhole = Number.isInteger(value);
      if (isWhole && value >= -32 && value < 0x80) bytes[used++] = value;
      else if (isWhole && value >= 0 && value < 0x1_0000) {
        bytes[used] = UNSIGNED_16;
        bytes[used + 1] = value >> 8;
        bytes[used + 2] = value;
        used += 3;
      } else if (isWhole && value >= 0 && value <= 0xffff_ffff) {
        bytes[used] = UNSIGNED_32;
        bytes.writeUInt32BE(value, used + 1);
        used += 5;
      } else {
        bytes[used] = DOUBLE;
        bytes.writeDoubleBE(value, used + 1);
        used += 9;
      }
    },
    later() {
      count++;
      makeRoom(MOST_HEAD_BYTES);
      const at = used;
      bytes[at] = UNSIGNED_16;
      used += 3;
      return at;
    },
    tell: (at, value) => void bytes.writeUInt16BE(value, at + 1),
    count: () => count,
    end() {
      bytes[0] = LIST_32;
      bytes.writeUInt32BE(count, 1);
      const list = bytes.subarray(0, used);
      if (bytes.length === KEPT_BYTES) return Buffer.from(list);
      bytes = Buffer.allocUnsafeSlow(KEPT_BYTES);
      return list;
    },
  };
}
