import type {
  AskedRecord,
  Bucket,
  FeedMark,
  LIFETIME,
  LoneRecord,
  ResultRecord,
} from '@llm-monitor/contracts/redis';

/** What a store knows of a request, when the assumptions of the first fold were wrong. */
export interface Prior {
  /** Phase bits, 0 for an unknown request. */
  bits: number;
  /** `<minute bucket>:<member>` in which the start was counted before its event came. */
  provisionalStart?: string | undefined;
  /** `<minute bucket>:<member>` in which an orphan was counted. */
  orphanedIn?: string | undefined;
  endedAtMs?: number | undefined;
  ttftKnown: boolean;
}

/** Prior states by request member. A request that is not in it is assumed to be where its events usually find it. */
export type Priors = ReadonlyMap<string, Prior>;

/** What happens to one request. The store applies it only if the request is as expected. */
export interface RequestChange {
  member: string;
  app: string;
  id: string;
  /** `<app>:<instance>`, to see whether the instance beats; empty when unknown. */
  instance: string;
  /** The exact prior bits; undefined means "as usual": new with a start, else started and not ended. */
  expectedBits: number | undefined;
  /** Bits to set. */
  mask: number;
  /** Of a running call: how long it may stay silent if its app never beats; undefined: the configured default. */
  timeoutMs: number | undefined;
  /** Put it into the history at this time, ms. */
  endedAtMs: number | undefined;
  /** Take it out of the history of this time first. */
  formerEndedAtMs: number | undefined;
  /** What the change feed says of it; empty: nothing that is new. */
  tells: FeedMark | '';
  /** Fields to write. The store itself sets the bits. */
  set: Omit<LoneRecord, 'bits'>;
  /** What was asked, to be written as a whole: the event that says most of it. */
  asked: AskedRecord | undefined;
  /** How it ended, to be written as a whole. */
  result: ResultRecord | undefined;
  unset: ('provisionalStart' | 'orphanedIn')[];
}

/** Additions to one rollup; `lu` (last used) is a maximum. */
export interface RollupChange {
  bucket: Bucket | typeof LIFETIME;
  member: string;
  fields: Map<string, number>;
}

/** A whole batch for one shard, applied at once or not at all. */
export interface ShardChange {
  requests: RequestChange[];
  rollups: RollupChange[];
  /** Additions to the totals: real and demo traffic. */
  totals: { real: Map<string, number>; demo: Map<string, number> };
  apps: string[];
}
