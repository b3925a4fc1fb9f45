import { known } from '../call/known.ts';
import { isObject, type JsonObject } from './json-fields.ts';

/** A longer body is not parsed: its beginning and its end tell enough, and a full parse would copy it. */
const MAX_PARSED_LENGTH = 512 * 1024;
const EDGE_LENGTH = 4096;
/** What no text is: of a body with images an edge is in one of them, most likely. */
const BASE64 = /[\w+/=-]{1024}/;

/** What was kept of a long body: its beginning and its end as text, and its whole length in bytes. */
export interface BodyEdges {
  start: string;
  end: string;
  length: number;
}

/** The fields of a request. */
export interface RequestBody {
  fields: JsonObject;
  /** All its fields are here: what is not is not in the request. */
  complete: boolean;
  /**
   * Of a body that was too long to be read whole; in UTF-16 code units or bytes, as it came. Absent where most of it is an image, and so
   * tells nothing of its text.
   */
  length?: number;
}

const UNREADABLE: RequestBody = { fields: {}, complete: false };

/** Reads the JSON body that was passed to fetch, or what a proxy kept of it. Anything else has no fields. */
export function readRequestBody(body: unknown): RequestBody {
  const text = isObject(body) ? (textOf(body) ?? body) : body;
  if (typeof text === 'string') return readText(text);
  return isBodyEdges(text) ? readEdges(text) : UNREADABLE;
}

function readText(body: string): RequestBody {
  if (body.length > MAX_PARSED_LENGTH) {
    const start = body.slice(0, EDGE_LENGTH);
    return readEdges({ start, end: body.slice(-EDGE_LENGTH), length: body.length });
  }
  try {
    const value: unknown = JSON.parse(body);
    return { fields: isObject(value) ? value : {}, complete: true };
  } catch {
    return UNREADABLE;
  }
}

/** Bytes as text, or the edges of many; undefined for what is not bytes. */
function textOf(body: object): string | BodyEdges | undefined {
  const bytes = ArrayBuffer.isView(body)
    ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    : body instanceof ArrayBuffer
      ? Buffer.from(body)
      : undefined;
  if (!bytes || bytes.length <= MAX_PARSED_LENGTH) return bytes?.toString('utf8');
  const start = bytes.toString('utf8', 0, EDGE_LENGTH);
  return { start, end: bytes.toString('utf8', bytes.length - EDGE_LENGTH), length: bytes.length };
}

function isBodyEdges(value: unknown): value is BodyEdges {
  if (!isObject(value)) return false;
  const { start, end, length } = value;
  return typeof start === 'string' && typeof end === 'string' && typeof length === 'number';
}

function readEdges(edges: BodyEdges): RequestBody {
  const { end, length } = edges;
  // Bytes are cut wherever it falls, also inside a character.
  const start = edges.start.replace(/\uFFFD+$/, '');
  const first = (name: string) => stringsIn(start, name)[0] ?? stringsIn(end, name)[0];
  const last = (name: string) => stringsIn(end, name).at(-1) ?? stringsIn(start, name).at(-1);
  const streams = /"stream":\s*(true|false)/.exec(end) ?? /"stream":\s*(true|false)/.exec(start);
  // The last message counts; its beginning is in sight when it is short, else that of the first one is.
  const content = last('content') ?? last('text');
  const fields = known<JsonObject>({
    model: first('model') ?? first('name'),
    stream: streams ? streams[1] === 'true' : undefined,
    prompt: first('prompt'),
    input: first('input'),
    messages: content === undefined ? undefined : [{ role: 'user', content }],
  });
  const hasImage = BASE64.test(edges.start) || BASE64.test(end);
  return { fields, complete: false, ...(hasImage ? {} : { length }) };
}

/** The values of the string fields of this name in a piece of JSON. The last one may be cut. */
function stringsIn(piece: string, name: string): string[] {
  const matches = piece.matchAll(new RegExp(`"${name}":\\s*("(?:[^"\\\\]|\\\\.)*)`, 'gs'));
  return [...matches].map((match) => readString(match[1] ?? '')).filter((one) => one !== undefined);
}

/** The text of a JSON string without its closing quote, which may be cut inside an escape. */
function readString(cut: string): string | undefined {
  for (let length = cut.length; length > cut.length - 6 && length > 0; length -= 1) {
    try {
      return JSON.parse(`${cut.slice(0, length)}"`) as string;
    } catch {
      // The cut went through an escape: one unit less.
    }
  }
  return undefined;
}
