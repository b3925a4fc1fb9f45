// Counts by bucket (response times, tokens …) of one hash, up to 32 neighbouring buckets in one field: `D5` holds those of `d160` to `d191`. Its value is
// text: the first bucket that there is, from 0, how many digits a number has, and then the numbers one behind the other, all of as many digits of
// base 64 (`0` and the signs behind it) as the largest needs: `4112` is 1 of `d164` and 2 of `d165`. Redis looks for a field from the beginning of a packed hash, so
// hundreds of fields cost it more than all else that a batch does. Plain fields (`d164`) are what versions before wrote, and what is added by
// anything but a batch: a hash may hold both, and a bucket counts what they say together.

/** Buckets of a block. The script of the collector knows it, too. */
const BLOCK_BUCKETS = 32;
const BASE = 64;
const ZERO = 0x30;

/** Response times, times to first token and per token, calls by tokens of input and of output. A block has the capital of its letter. */
const PLAIN = /^[dftio]\d+$/;
const BLOCK = /^[DFTIO]\d+$/;

/** Where a bucket is. */
export interface BlockPlace {
  /** The field. */
  block: string;
  /** Which of its buckets, from 0. */
  index: number;
}

/** @param field the plain one. @returns nothing for a field that counts no bucket */
export function blockPlace(field: string): BlockPlace | undefined {
  if (!PLAIN.test(field)) return undefined;
  const bucket = Number(field.slice(1));
  const block = `${field.charAt(0).toUpperCase()}${Math.floor(bucket / BLOCK_BUCKETS)}`;
  return { block, index: bucket % BLOCK_BUCKETS };
}

/** Of what a field of a bucket, or of a block of them, counts: that of the plain field. */
export const letterOf = (field: string): string => field.charAt(0).toLowerCase();

/** Adds a field of a bucket, or of a block of them. */
export function addBuckets(into: Map<number, number>, field: string, text: string): void {
  const add = (bucket: number, count: number) => {
    into.set(bucket, (into.get(bucket) ?? 0) + count);
  };
  if (PLAIN.test(field)) add(Number(field.slice(1)), Number(text));
  else readBlock(field, text, add);
}

/** Calls `add` with each bucket of a block that counts something. What is no block has none. */
function readBlock(
  field: string,
  text: string,
  add: (bucket: number, count: number) => void,
): void {
  const [offset, digits] = [text.charCodeAt(0) - ZERO, text.charCodeAt(1) - ZERO];
  const buckets = (text.length - 2) / digits;
  // Said so that a text too short for it (NaN) is none.
  const isBlock = offset >= 0 && digits >= 1 && offset + buckets <= BLOCK_BUCKETS;
  if (!BLOCK.test(field) || !isBlock || !Number.isInteger(buckets)) return;
  const first = Number(field.slice(1)) * BLOCK_BUCKETS + offset;
  for (let i = 0; i < buckets; i++) {
    let count = 0;
    for (let at = 2 + i * digits; at < 2 + (i + 1) * digits; at++) {
      count = count * BASE + text.charCodeAt(at) - ZERO;
    }
    if (count !== 0) add(first + i, count);
  }
}

/** The same counts in plain fields alone, which can be added one by one. */
export function withoutBlocks(fields: Readonly<Record<string, string>>): Record<string, string> {
  const plain: Record<string, string> = {};
  const add = (field: string, count: number) => {
    plain[field] = String(Number(plain[field] ?? 0) + count);
  };
  for (const [field, text] of Object.entries(fields)) {
    if (BLOCK.test(field)) {
      readBlock(field, text, (bucket, count) => add(`${letterOf(field)}${bucket}`, count));
    } else if (PLAIN.test(field)) add(field, Number(text));
    else plain[field] = text;
  }
  return plain;
}
