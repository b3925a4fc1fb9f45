// The short form of a group of fields: a sign for each field and its value directly behind, then, as JSON, what has no sign or does not
// fit. `{"m":"llama3.2:3b","op":"chat","pc":20,"tg":["night"]}` is `Mllama3.2:3b␟%c20{"tg":["night"]}`. A group that is JSON alone is one,
// too: what versions before wrote. It is text, so that it can be in everything that JSON can be in.

/** How a field is written: behind a letter, or, where it has one of the known values, as one sign. `parts`: the fields of an object. */
export interface ShortCode {
  /** A capital. */
  text?: string;
  /** A small letter. */
  number?: string;
  /** Signs that are no letters, digits, `.`, `-` or `{`. */
  known?: Record<string, string | number | boolean>;
  parts?: Record<string, ShortCode>;
}

/** By the names of the fields. */
export type ShortCodes = Record<string, ShortCode>;

/** Ends a text. One that holds it is written as JSON, which escapes it. */
const END = '\u001F';
const JSON_BEGIN = 0x7b;
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/;

type Written = string | number | boolean;

/** A code as it is written by. */
export interface ShortWriter {
  text: string;
  number: string;
  known: ReadonlyMap<unknown, string> | undefined;
  parts: ReadonlyMap<string, ShortWriter> | undefined;
}

/** What a sign says. */
interface Meaning {
  name: string;
  /** The object that the field is in. */
  inside: string | undefined;
  /** Of a sign that stands for a value. */
  value: Written | undefined;
}

/** By the code of the sign's character. */
export type ShortReader = readonly (Meaning | undefined)[];

/** A code as {@link writeShort} takes it. */
export function createShortWriter({ text, number, known, parts }: ShortCode): ShortWriter {
  return {
    text: text ?? '',
    number: number ?? '',
    known: known && new Map(Object.entries(known).map(([sign, value]) => [value, sign])),
    parts:
      parts &&
      new Map(Object.entries(parts).map(([name, code]) => [name, createShortWriter(code)])),
  };
}

/** @throws {RangeError} where two fields have the same sign */
export function createShortReader(codes: ShortCodes): ShortReader {
  const meanings: (Meaning | undefined)[] = Array.from({ length: 128 });
  const add = (sign: string | undefined, meaning: Meaning) => {
    if (sign === undefined) return;
    const at = sign.charCodeAt(0);
    if (meanings[at]) throw new RangeError(`the sign ${sign} has two meanings`);
    meanings[at] = meaning;
  };
  const addAll = (fields: ShortCodes, inside: string | undefined) => {
    for (const [name, { text, number, known = {}, parts = {} }] of Object.entries(fields)) {
      add(text, { name, inside, value: undefined });
      add(number, { name, inside, value: undefined });
      for (const [sign, value] of Object.entries(known)) add(sign, { name, inside, value });
      addAll(parts, name);
    }
  };
  addAll(codes, undefined);
  return meanings;
}

/** A field in its short form; empty where it has none, or where nothing would be left of a part of it. */
export function writeShort(code: ShortWriter, value: unknown): string {
  const sign = code.known?.get(value);
  if (sign !== undefined) return sign;
  if (typeof value === 'string') {
    const fits = code.text !== '' && !value.includes(END) && value.isWellFormed();
    return fits ? code.text + value + END : '';
  }
  if (typeof value === 'number') {
    if (code.number === '') return '';
    const digits = String(value);
    return PLAIN_NUMBER.test(digits) ? code.number + digits : '';
  }
  return code.parts && typeof value === 'object' && value !== null
    ? writeParts(code.parts, value)
    : '';
}

function writeParts(parts: ReadonlyMap<string, ShortWriter>, value: object): string {
  let short = '';
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const code = parts.get(name);
    const part = code ? writeShort(code, inner) : '';
    if (part === '') return '';
    short += part;
  }
  return short;
}

/**
 * Reads the fields into a record, except those that are JSON. A sign that a later version may have added is passed over.
 * @returns the JSON behind them; empty: there is none
 */
export function readShort(
  into: Record<string, unknown>,
  short: string,
  reader: ShortReader,
): string {
  let at = 0;
  while (at < short.length) {
    const sign = short.charCodeAt(at);
    if (sign === JSON_BEGIN) return short.slice(at);
    at++;
    const meaning = reader[sign];
    let value: Written | undefined = meaning?.value;
    if (isCapital(sign)) {
      const found = short.indexOf(END, at);
      const end = found < 0 ? short.length : found;
      value = short.slice(at, end);
      at = end + 1;
    } else if (isSmall(sign)) {
      const from = at;
      while (isOfNumber(short.charCodeAt(at))) at++;
      value = Number(short.slice(from, at));
    }
    if (meaning) keep(into, meaning, value);
  }
  return '';
}

const WHOLE = new RegExp(
  `^(?:[A-Z][^${END}]*${END}|[a-z]-?\\d+(?:\\.\\d+)?|[^A-Za-z0-9.{-])*(\\{.*)?$`,
  's',
);

/** Can it be read as it was written, whatever its signs say? */
export function isShortForm(stored: string): boolean {
  try {
    const match = WHOLE.exec(stored);
    if (!match || stored === '') return false;
    if (match[1] === undefined) return true;
    const rest: unknown = JSON.parse(match[1]);
    return typeof rest === 'object' && rest !== null;
  } catch {
    return false;
  }
}

const isCapital = (char: number) => char >= 0x41 && char <= 0x5a;
const isSmall = (char: number) => char >= 0x61 && char <= 0x7a;
/** `-`, `.` or a digit; no character at all is none. */
const isOfNumber = (char: number) =>
  (char >= 0x30 && char <= 0x39) || char === 0x2e || char === 0x2d;

function keep(
  into: Record<string, unknown>,
  { name, inside }: Meaning,
  value: Written | undefined,
): void {
  if (inside === undefined) {
    into[name] = value;
    return;
  }
  const known = into[inside];
  if (known === undefined) into[inside] = { [name]: value };
  else (known as Record<string, unknown>)[name] = value;
}
