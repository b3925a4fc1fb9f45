import { readFileSync } from 'node:fs';

import {
  checkRule,
  READY_RULES,
  type AlertRule,
  type StoredAlert,
  type StoredHandover,
} from '@llm-monitor/contracts/alerts';
import type { Keys } from '@llm-monitor/contracts/redis';
import { createScript, type Logger, type StoreConnection } from '@llm-monitor/runtime';

import { handoverId } from '../core/handover-id.ts';

/** Most entries of what fired and was resolved. */
const LOG_ENTRIES = 2000;

/** What one look at the rules leaves behind. */
export interface Written {
  /** What was there before. */
  before: readonly StoredAlert[];
  alerts: readonly StoredAlert[];
  happened: readonly StoredHandover[];
  /** Metric → JSON, of those that changed. */
  memory: ReadonlyMap<string, string>;
  status: Readonly<Record<string, string>>;
}

/** What the alerts keep in Redis. */
export interface AlertStore {
  /** Rules that are right; of others the log says what is wrong with them. */
  readRules(): Promise<AlertRule[]>;
  writeReadyRules(): Promise<number>;
  readAlerts(): Promise<StoredAlert[]>;
  /** Metric → JSON. */
  readMemory(): Promise<Record<string, string>>;
  /** All or nothing; false: the lease is another's, and nothing was written. */
  write(token: string, written: Written): Promise<boolean>;
  /** By id, oldest first. */
  readHandover(): Promise<[id: string, StoredHandover][]>;
  dropHandover(id: string): Promise<void>;
}

const readScript = (name: string) =>
  readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8');

export function createAlertStore(redis: StoreConnection, keys: Keys, log: Logger): AlertStore {
  const writing = createScript(redis, readScript('write-alerts'));
  const writingReady = createScript(redis, readScript('write-ready-rules'));
  const said = new Set<string>();
  const { global } = keys;

  const sayOnce = (id: string, text: string, problems: unknown) => {
    if (said.has(text) || said.size > 1000) return;
    said.add(text);
    log.warn({ rule: id, problems }, 'a stored rule is wrong; it is not looked at');
  };

  return {
    async readRules() {
      const stored = await redis.hgetall(global.alertRules);
      return Object.entries(stored).flatMap(([id, text]) => {
        const { rule, problems } = checkRule(parsed(text), id);
        if (!rule) sayOnce(id, text, problems);
        return rule ?? [];
      });
    },
    async writeReadyRules() {
      const pairs = READY_RULES.flatMap((rule) => [rule.id, JSON.stringify(rule)]);
      return Number(await writingReady.run([global.alertRulesWritten, global.alertRules], pairs));
    },
    async readAlerts() {
      const stored = await redis.hvals(global.alertStates);
      return stored.map((text) => JSON.parse(text) as StoredAlert);
    },
    readMemory: () => redis.hgetall(global.alertMemory),
    async write(token, written) {
      const { alertLease, alertStates, alertHandover, alertMemory, alertStatus, alertLog } = global;
      const done = await writing.run(
        [alertLease, alertStates, alertHandover, alertMemory, alertStatus, alertLog],
        [token, LOG_ENTRIES, ...changesOf(written)],
      );
      return done === 1;
    },
    async readHandover() {
      const stored = Object.entries(await redis.hgetall(global.alertHandover));
      return stored
        .map(([id, text]): [string, StoredHandover] => [id, JSON.parse(text) as StoredHandover])
        .sort(([, a], [, b]) => a.atMs - b.atMs);
    },
    async dropHandover(id) {
      await redis.hdel(global.alertHandover, id);
    },
  };
}

/** As the script takes them: where, field, value. */
function changesOf({ before, alerts, happened, memory, status }: Written): string[] {
  const kept = new Set(alerts.map(({ alert }) => alert.id));
  return [
    ...before
      .filter(({ alert }) => !kept.has(alert.id))
      .map(({ alert }) => ['states', alert.id, '']),
    ...alerts.map((stored) => ['states', stored.alert.id, JSON.stringify(stored)]),
    ...happened.map((one) => ['handover', handoverId(one), JSON.stringify(one)]),
    ...happened
      .filter(({ as }) => as === 'event')
      .map(({ what, alert }) => ['log', what, JSON.stringify(alert)]),
    ...[...memory].map(([metric, text]) => ['memory', metric, text]),
    ...Object.entries(status).map(([field, value]) => ['status', field, value]),
  ].flat();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
