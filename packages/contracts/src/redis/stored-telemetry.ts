import type { BotSampledData, BotTradeData } from '../events/bot.ts';
import type { HeartbeatData } from '../events/heartbeat.ts';
import type { Repeating } from '../events/progress.ts';
import type { HostSampledData, ModelsListedData } from '../events/host.ts';
import type { Verdict } from '../events/verdict.ts';

/** `hosts` hash value: the last sample of a host. Times in ms since 1970 on the broker's clock. */
export interface StoredHost {
  seenAtMs: number;
  /** Producer's clock minus broker's clock, ms. */
  skewMs: number;
  sample: HostSampledData;
  /** When the server in the sample was seen: of several agents of a host not every one sees it. */
  serverSeenAtMs?: number;
}

/** `models` hash value: what one server of a host lists and holds. */
export interface StoredModels {
  seenAtMs: number;
  list: ModelsListedData;
}

/** `instances` hash value: the last heartbeat of an app's instance. */
export interface StoredInstance {
  seenAtMs: number;
  skewMs: number;
  beat: Omit<HeartbeatData, 'runningRequestIds'>;
}

/** `collectors` hash value: a collector that works, and what it has still to do. */
export interface StoredCollector {
  seenAtMs: number;
  /** Messages that wait for the collectors. */
  pending: number;
  /** Messages handed out and not yet acked. */
  ackPending: number;
  /** Messages that could not be used, kept for a person to look at. */
  deadLetters?: number;
  /** The generation of the store that it writes. */
  generation?: number;
  /** What is wrong and what to do, while events wait and none is collected. */
  problem?: string;
  /** For how long, until then, all was well without a break: both servers reachable, events and heartbeats collected as they came. */
  steadyMs?: number;
}

/** `losses` hash, field = stream (JSON): how far its consumer was when losses were last looked for, and what is known to be lost. */
export interface StoredLoss {
  /** Stream sequence of the last message handed out. */
  delivered: number;
  /** Messages handed out, those again included. */
  deliveries: number;
  /** Of these, again. */
  redeliveries: number;
  /** All up to this stream sequence were acknowledged. */
  ackFloor: number;
  /** Messages that the stream dropped before they were collected. */
  lost: number;
}

/** `live` hash value: the last progress of a running call. */
export interface StoredProgress {
  atMs: number;
  phase: string;
  chunks: number;
  chars: number;
  tokensPerSecond?: number;
  prefillPercent?: number;
  repeating?: Repeating;
}

/** Value of the hashes of verdicts: what was found of a call, and whose it is. */
export interface StoredVerdicts {
  model: string;
  host?: string;
  demo?: boolean;
  verdicts: Verdict[];
}

/** Field of a host's series hash: one sample a minute. */
export interface StoredHostPoint {
  cpuPercent: number | null;
  memoryUsedBytes: number | null;
  memoryTotalBytes: number | null;
  /** Mean over the GPUs; absent where nobody said. */
  gpuPercent?: number | null;
  /** Sums over the GPUs. */
  vramUsedBytes?: number | null;
  vramTotalBytes?: number | null;
}

/** Field `<minute>:<server address>` of a host's series hash: what a server held in memory when it was last seen in that minute. */
export interface StoredModelsPoint {
  atMs: number;
  loaded: { name: string; memoryBytes: number | null; vramBytes: number | null }[];
}

/** `bots` hash value: the last sample of a bot. */
export interface StoredBot {
  seenAtMs: number;
  sample: BotSampledData;
}

/** Value of a bot's `bot-trades` hash: what happened to a trade, and when. */
export interface StoredBotTrade {
  atMs: number;
  trade: BotTradeData;
}

/** Field of a bot's series hash: one sample a minute. */
export interface StoredBotPoint {
  closedAbs: number | null;
  allAbs: number | null;
  openTrades: number | null;
}

/** Field of a bot's `bot-trades` hash. @param id of the event, where it names no trade */
export function botTradeField(trade: BotTradeData, id: string): string {
  return `${trade.tradeId ?? id}:${trade.kind}:${trade.source}`;
}

/** Field of the `instances` and `beats` hashes. Neither part holds a colon: both are subject tokens. */
export function instanceField(app: string, instance: string): string {
  return `${app}:${instance}`;
}

/** Field of the `models` hash: a host may have several servers. Who reads takes the host's name from the value. */
export function serverField(host: string, serverAddress: string): string {
  return `${host}|${serverAddress}`;
}
