import type { AlertOnlyMetricName } from '@llm-monitor/contracts/alerts';
import type { Host } from '@llm-monitor/contracts/rest';
import type { Collecting, Store } from '@llm-monitor/read-model';

import type { Readings } from '../../core/reading.ts';

/** What a reader reads by. */
export interface ReadContext {
  store: Store;
  /** ms since 1970 */
  nowMs: number;
  /** Of the rule. */
  windowMs: number;
  /**
   * When the pipeline was last known to be well, ms since 1970, and for how long until then without a break: both servers reachable,
   * events and heartbeats collected as they came. Silence outside of that time says nothing of who was silent.
   */
  trusted: { untilMs: number; forMs: number };
  /** Every machine as `GET /api/hosts` shows it; read once for all readers. */
  hosts(): Promise<readonly Host[]>;
  /** What the collectors say of themselves. */
  collecting: Collecting;
  /** How far the collectors are, as NATS says it; undefined where NATS does not answer. */
  backlog(): Promise<Backlog | undefined>;
  /** What this reader remembers from one evaluation to the next, over restarts too. JSON; keep it small. */
  memory: Memory;
}

/** What waits in NATS. */
export interface Backlog {
  waiting: number;
  /** Age of the oldest event that waits. */
  lagMs: number;
}

/** One reader's memory. */
export interface Memory {
  get(): unknown;
  set(value: unknown): void;
}

/**
 * Reads one metric that only alerts have: all subjects that it knows, one reading each. The rule's scope, `each` and the adding up
 * are done by others.
 */
export interface AlertMetricReader {
  metric: AlertOnlyMetricName;
  /** Does it come through the collectors? Then nothing is read while none of them works, and all stays as it was. */
  isCollected: boolean;
  /** Does it live by its memory? Then it is read at every look, though no rule needs it. */
  remembers?: boolean;
  read(context: ReadContext): Promise<Readings>;
}
