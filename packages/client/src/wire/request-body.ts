import { known } from '../call/known.ts';
import { parseObject, type JsonObject } from './json-fields.ts';

/** A longer body is not parsed: its beginning and its end tell enough, and a full parse would copy it. */
const MAX_PARSED_CHARS = 512 * 1024;
const EDGE_CHARS = 4096;

/** The fields of a request; `length` (UTF-16 code units) only of one that was too long to be read whole. */
export interface RequestBody {
  fields: JsonObject;
  length?: number;
}

/** Reads the JSON body that was passed to fetch. Anything else has no fields. */
export function readRequestBody(body: unknown): RequestBody {
  if (typeof body !== 'string') return { fields: {} };
  if (body.length <= MAX_PARSED_CHARS) return { fields: parseObject(body) ?? {} };
  const start = body.slice(0, EDGE_CHARS);
  const end = body.slice(-EDGE_CHARS);
  const first = (name: string) => stringsIn(start, name)[0] ?? stringsIn(end, name)[0];
  const streams = /"stream":\s*(true|false)/.exec(end) ?? /"stream":\s*(true|false)/.exec(start);
  // The last message counts; its beginning is in sight when it is short, else that of the first one is.
  const content = stringsIn(end, 'content').at(-1) ?? stringsIn(start, 'content').at(-1);
  const fields = known<JsonObject>({
    model: first('model') ?? first('name'),
    stream: streams ? streams[1] === 'true' : undefined,
    prompt: first('prompt'),
    input: first('input'),
    messages: content === undefined ? undefined : [{ role: 'user', content }],
  });
  return { fields, length: body.length };
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
