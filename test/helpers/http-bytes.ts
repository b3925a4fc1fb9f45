import type { Step } from './raw-server.ts';

/** The beginning of an HTTP answer, to the byte. */
export function head(status: number, headers: Record<string, string>, reason = 'Said So'): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n`;
}

/** One chunk of a chunked body. */
export function chunk(body: string | Uint8Array): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([
    Buffer.from(`${bytes.length.toString(16)}\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]);
}

/** What ends a chunked body. */
export const LAST_CHUNK = '0\r\n\r\n';

const CHUNKED = { 'Transfer-Encoding': 'chunked' };

/** The beginning of a streamed answer of Ollama's. */
export const streamHead = (headers: Record<string, string> = {}) =>
  head(200, { 'Content-Type': 'application/x-ndjson', ...headers, ...CHUNKED });

/** A whole answer with its length. */
export function whole(
  body: string | Uint8Array,
  options: { status?: number; reason?: string; headers?: Record<string, string> } = {},
): Step[] {
  const { status = 200, reason, headers = { 'Content-Type': 'application/json' } } = options;
  const bytes = Buffer.from(body);
  const fields = { ...headers, 'Content-Length': String(bytes.length) };
  return [Buffer.concat([Buffer.from(head(status, fields, reason)), bytes])];
}

/** A streamed answer: each piece is a chunk of its own, or a step between two. */
export function streamed(pieces: readonly Step[]): Step[] {
  const steps = pieces.map((one) =>
    typeof one === 'string' || one instanceof Uint8Array ? chunk(one) : one,
  );
  return [streamHead(), ...steps, LAST_CHUNK];
}

/** A line of a streamed answer. */
export const line = (message: unknown) => `${JSON.stringify(message)}\n`;

const CREATED_AT = '2026-01-01T00:00:00Z';

/** A line of `/api/chat` that says this. */
export const said = (content: string, more: Record<string, unknown> = {}) => ({
  model: 'llama3.2:3b',
  created_at: CREATED_AT,
  message: { role: 'assistant', content, ...more },
  done: false,
});

/** The final line of `/api/chat`. */
export const done = (more: Record<string, unknown> = {}) => ({
  model: 'llama3.2:3b',
  created_at: CREATED_AT,
  message: { role: 'assistant', content: '' },
  done: true,
  done_reason: 'stop',
  total_duration: 5_000_000,
  load_duration: 1,
  prompt_eval_count: 11,
  prompt_eval_duration: 2,
  eval_count: 3,
  eval_duration: 3,
  ...more,
});

/** The lines of an answer in these words. */
export const answer = (...words: string[]) => [
  ...words.map((word) => line(said(word))),
  line(done()),
];
