import {
  findAlertMetric,
  type AlertMetric,
  type AlertRule,
  type AlertScope,
} from '@llm-monitor/contracts/alerts';
import { findMetric, type MetricName } from '@llm-monitor/contracts/stats';
import {
  createWindowReader,
  isCollecting,
  readCollecting,
  readHosts,
  type Collecting,
  type Store,
  type WindowReader,
} from '@llm-monitor/read-model';

import { readingsOfRule } from '../core/readings-of-rule.ts';
import type { Readings, Subject } from '../core/reading.ts';
import type { BacklogReader } from './collect-backlog.ts';
import { ALERT_METRIC_READERS } from './metrics/alert-metric-readers.ts';
import type { Backlog, Memory, ReadContext } from './metrics/alert-metric-reader.ts';

/** Reads what rules look at, at one moment. */
export interface Outlook {
  /** No collector works, or not all that came is collected: see `judge`. */
  isBehind: boolean;
  /** undefined: it cannot be told now. */
  readingsOf(rule: AlertRule): Promise<Readings | undefined>;
  /** Lets the readers that remember see this moment, though no rule looks at what they read. */
  remember(): Promise<void>;
  /** What readers remember now and did not before; metric → JSON. */
  changedMemory(): Map<string, string>;
}

/** @param options.memory metric → JSON, as it was left last time */
export async function openOutlook(options: {
  store: Store;
  nowMs: number;
  memory: Readonly<Record<string, string>>;
  backlog: BacklogReader;
}): Promise<Outlook> {
  const { store, nowMs } = options;
  const collecting = await readCollecting(store, nowMs);
  const trusted = trustedOf(collecting);
  const isCollected = isCollecting(collecting);
  const windows = createWindowReader(store, nowMs);
  const memories = createMemories(options.memory);
  let hosts: ReturnType<typeof readHosts> | undefined;
  let backlog: Promise<Backlog | undefined> | undefined;
  const contextOf = (metric: string, windowMs: number): ReadContext => ({
    ...{ store, nowMs, windowMs, trusted, collecting, memory: memories.of(metric) },
    hosts: () => (hosts ??= readHosts(store, nowMs)),
    backlog: () => (backlog ??= options.backlog.read()),
  });

  return {
    isBehind: trusted.forMs === 0,
    async readingsOf(rule) {
      const metric = findAlertMetric(rule.metric);
      const windowMs = rule.windowSeconds * 1000;
      if (!metric) return undefined;
      const reader = ALERT_METRIC_READERS.find((one) => one.metric === rule.metric);
      if (!isCollected && (reader?.isCollected ?? true)) return undefined;
      if (!reader) return readSeriesMetric(windows, metric, rule.scope ?? {}, windowMs);
      const readings = await reader.read(contextOf(reader.metric, windowMs));
      return readingsOfRule(readings, rule.scope, metric.combine);
    },
    async remember() {
      if (!isCollected) return;
      for (const reader of ALERT_METRIC_READERS.filter(({ remembers }) => remembers)) {
        await reader.read(contextOf(reader.metric, 0));
      }
    },
    changedMemory: memories.changed,
  };
}

/** For how long the pipeline has been well, by the best that a collector at work says; 0: it is not now. */
function trustedOf({ collectors }: Collecting): ReadContext['trusted'] {
  const trusted = { untilMs: 0, forMs: 0 };
  for (const { isOnline, report } of collectors) {
    const forMs = report.steadyMs ?? 0;
    if (isOnline && forMs > trusted.forMs)
      Object.assign(trusted, { untilMs: report.seenAtMs, forMs });
  }
  return trusted;
}

function createMemories(before: Readonly<Record<string, string>>) {
  const now = new Map<string, unknown>();
  return {
    of: (metric: string): Memory => ({
      get() {
        const text = before[metric];
        if (!now.has(metric) && text !== undefined) now.set(metric, JSON.parse(text));
        return now.get(metric);
      },
      set: (value) => void now.set(metric, value),
    }),
    changed: () =>
      new Map(
        [...now]
          .map(([metric, value]): [string, string] => [metric, JSON.stringify(value)])
          .filter(([metric, text]) => before[metric] !== text),
      ),
  };
}

/** A mean or a percentile of several is not made of theirs: these are read as the rule wants them. */
async function readSeriesMetric(
  windows: WindowReader,
  metric: AlertMetric,
  { each, model, app, host }: AlertScope,
  windowMs: number,
): Promise<Readings | undefined> {
  if (!findMetric(metric.name)) return undefined;
  const narrow = {
    ...(model === undefined ? {} : { model }),
    ...(app === undefined ? {} : { app }),
    ...(host === undefined ? {} : { host }),
  };
  const { values, absent } = await windows.read({
    ...narrow,
    metric: metric.name as MetricName,
    windowMs,
    ...(each && each !== 'bot' ? { each } : {}),
  });
  const of = (name: string | undefined): Subject =>
    each && name !== undefined ? { ...narrow, [each]: name } : narrow;
  return { readings: values.map(({ name, value }) => ({ of: of(name), value })), absent };
}
