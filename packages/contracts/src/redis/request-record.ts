import type {
  OllamaDurations,
  Outcome,
  Parameters,
  RequestError,
  Usage,
} from '../events/request.ts';
/** Field `rs` of a request's hash, written by what follows the hosts. `cpuPercent`: mean, 100 is one core; `memoryBytes`: highest. */
export interface StoredResources {
  cpuPercent: number | null;
  memoryBytes: number | null;
  /** Its share of what was drawn meanwhile; absent: not known. */
  energyJoules?: number;
  /** How many looks are behind the figures: more replace fewer. */
  samples?: number;
}

/** Its name in the hash. */
export const RESOURCES_FIELD = 'rs';

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
  /** What the inference server took meanwhile, from its host's samples. */
  resources?: StoredResources;
  /** The rollup in which the start was counted before the start event came: `<minute bucket>:<member>`. */
  provisionalStart?: string;
  /** The rollup in which the orphan was counted: `<minute bucket>:<member>`. */
  orphanedIn?: string;
}

/** Fields of the hash that stand alone: the scripts look at them, or they come with an event of their own. */
export const LONE_FIELDS = {
  bits: 'b',
  startedAtMs: 's',
  endedAtMs: 'e',
  ttftMs: 'f',
  instance: 'in',
  provisionalStart: 'ps',
  orphanedIn: 'oi',
} as const;

/** Who called whom and what was asked: one value under `a`, since it comes and is read as a whole. Names as in its JSON. */
export const ASKED_FIELDS = {
  model: 'm',
  host: 'h',
  provider: 'pv',
  operation: 'op',
  stream: 'st',
  logicalId: 'li',
  sessionId: 'si',
  userId: 'ui',
  tags: 'tg',
  traceparent: 'tp',
  demo: 'dm',
  serverAddress: 'sa',
  serverPort: 'sp',
  parameters: 'pa',
  promptChars: 'pc',
  promptPreview: 'pr',
  prompt: 'pf',
  promptTruncated: 'pt',
  imageCount: 'ic',
  imageBytes: 'ib',
  toolNames: 'tn',
  timeoutMs: 'to',
  keepAlive: 'ka',
} as const;

/** How the call ended: one value under `z`. */
export const RESULT_FIELDS = {
  durationMs: 'd',
  outcome: 'o',
  cancelledBy: 'cb',
  finishReason: 'fr',
  usage: 'us',
  ollama: 'ol',
  chunks: 'ch',
  outputChars: 'oc',
  responsePreview: 'rp',
  response: 'rf',
  responseTruncated: 'rt',
  error: 'er',
} as const;

/** The fields of a record that are stored in its hash. */
export type StoredRecord = Partial<Omit<RequestRecord, 'id' | 'app' | 'resources'>>;

export type LoneField = keyof typeof LONE_FIELDS;
/** The fields of a record that stand alone in its hash. */
export type LoneRecord = { [Name in LoneField]?: RequestRecord[Name] | undefined };
/** Those that are stored as one: what was asked. */
export type AskedRecord = Partial<Pick<RequestRecord, keyof typeof ASKED_FIELDS>>;
/** Those that are stored as one: how it ended. */
export type ResultRecord = Partial<Pick<RequestRecord, keyof typeof RESULT_FIELDS>>;

/** The name of a lone field in the hash, to delete it. */
export function storedFieldName(name: LoneField): string {
  return LONE_FIELDS[name];
}
