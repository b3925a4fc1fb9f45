import type {
  OllamaDurations,
  Outcome,
  Parameters,
  RequestError,
  Usage,
} from '../events/request.ts';

/** A request as it is kept. What no event has said is absent. Times in ms since 1970, placed on the broker's clock. */
export interface RequestRecord {
  /** Phase bits, see `BITS`. */
  bits: number;
  id: string;
  app: string;
  model: string;
  instance?: string;
  host?: string;
  provider?: string;
  operation?: string;
  stream?: boolean;
  logicalId?: string;
  sessionId?: string;
  userId?: string;
  tags?: string[];
  traceparent?: string;
  demo?: boolean;
  startedAtMs?: number;
  endedAtMs?: number;
  durationMs?: number;
  ttftMs?: number;
  serverAddress?: string;
  serverPort?: number;
  parameters?: Parameters;
  promptChars?: number;
  promptPreview?: string;
  prompt?: string;
  promptTruncated?: boolean;
  imageCount?: number;
  imageBytes?: number;
  toolNames?: string[];
  timeoutMs?: number;
  keepAlive?: string | number;
  outcome?: Outcome;
  cancelledBy?: string;
  finishReason?: string;
  usage?: Usage;
  ollama?: OllamaDurations;
  chunks?: number;
  outputChars?: number;
  responsePreview?: string;
  response?: string;
  responseTruncated?: boolean;
  error?: RequestError;
  /** The rollup in which the start was counted before the start event came: `<minute bucket>:<member>`. */
  provisionalStart?: string;
  /** The rollup in which the orphan was counted: `<minute bucket>:<member>`. */
  orphanedIn?: string;
}

type StoredField = Exclude<keyof RequestRecord, 'id' | 'app'>;
type Kind = 'text' | 'number' | 'flag' | 'json';

/** Field → its short name in the hash and how it is written. Names never change their meaning: stored data outlive versions. */
export const RECORD_FIELDS = {
  bits: ['b', 'number'],
  model: ['m', 'text'],
  instance: ['in', 'text'],
  host: ['h', 'text'],
  provider: ['pv', 'text'],
  operation: ['op', 'text'],
  stream: ['st', 'flag'],
  logicalId: ['li', 'text'],
  sessionId: ['si', 'text'],
  userId: ['ui', 'text'],
  tags: ['tg', 'json'],
  traceparent: ['tp', 'text'],
  demo: ['dm', 'flag'],
  startedAtMs: ['s', 'number'],
  endedAtMs: ['e', 'number'],
  durationMs: ['d', 'number'],
  ttftMs: ['f', 'number'],
  serverAddress: ['sa', 'text'],
  serverPort: ['sp', 'number'],
  parameters: ['pa', 'json'],
  promptChars: ['pc', 'number'],
  promptPreview: ['pr', 'text'],
  prompt: ['pf', 'text'],
  promptTruncated: ['pt', 'flag'],
  imageCount: ['ic', 'number'],
  imageBytes: ['ib', 'number'],
  toolNames: ['tn', 'json'],
  timeoutMs: ['to', 'number'],
  keepAlive: ['ka', 'json'],
  outcome: ['o', 'text'],
  cancelledBy: ['cb', 'text'],
  finishReason: ['fr', 'text'],
  usage: ['us', 'json'],
  ollama: ['ol', 'json'],
  chunks: ['ch', 'number'],
  outputChars: ['oc', 'number'],
  responsePreview: ['rp', 'text'],
  response: ['rf', 'text'],
  responseTruncated: ['rt', 'flag'],
  error: ['er', 'json'],
  provisionalStart: ['ps', 'text'],
  orphanedIn: ['oi', 'text'],
} as const satisfies Record<StoredField, readonly [string, Kind]>;

const BY_SHORT_NAME = new Map<string, [StoredField, Kind]>(
  Object.entries(RECORD_FIELDS).map(([name, [short, kind]]) => [
    short,
    [name as StoredField, kind],
  ]),
);

/** Fields of a record as a flat list `[name, value, name, value …]` for HSET. Absent fields are left out. */
export function encodeRecord(record: Partial<Omit<RequestRecord, 'id' | 'app'>>): string[] {
  const flat: string[] = [];
  for (const [name, [short, kind]] of Object.entries(RECORD_FIELDS)) {
    const value = record[name as StoredField];
    if (value === undefined) continue;
    flat.push(short, encodeValue(kind, value));
  }
  return flat;
}

function encodeValue(kind: Kind, value: unknown): string {
  if (kind === 'json') return JSON.stringify(value);
  if (kind === 'flag') return value === true ? '1' : '0';
  return String(value);
}

/** The reverse of {@link encodeRecord}; undefined for an empty hash. Unknown fields are ignored. */
export function decodeRecord(
  of: { id: string; app: string },
  hash: Record<string, string>,
): RequestRecord | undefined {
  if (hash['b'] === undefined) return undefined;
  const record: Record<string, unknown> = { id: of.id, app: of.app, model: 'unknown' };
  for (const [short, text] of Object.entries(hash)) {
    const field = BY_SHORT_NAME.get(short);
    if (field) record[field[0]] = decodeValue(field[1], text);
  }
  return record as unknown as RequestRecord;
}

function decodeValue(kind: Kind, text: string): unknown {
  if (kind === 'number') return Number(text);
  if (kind === 'flag') return text === '1';
  if (kind === 'json') return JSON.parse(text);
  return text;
}
