import type { MetricName } from '@llm-monitor/contracts/stats';

import { hasNames, type Names } from '../has-names.ts';
import { readActive } from '../requests/read-active.ts';
import { coverRange } from '../rollups/cover-range.ts';
import { sumBy, sumSlices } from '../rollups/merge-rollups.ts';
import { readSlices, type Slice } from '../rollups/read-rollups.ts';
import { matchesDemo, type Store } from '../store.ts';
import { readHostMinutes, type HostMinute } from './host-points.ts';
import { hostValues, isHostMetric } from './host-values.ts';
import { metricValue, type HostMetric, type RequestMetric } from './metric-value.ts';

const MINUTE_MS = 60_000;

/** What is asked of a window of time that ends now. */
export interface WindowQuery extends Names {
  metric: MetricName;
  windowMs: number;
  /** One value for each of them, instead of one for all. */
  each?: keyof Names;
}

/** Values of a window, by name where each has one; `absent`: of one that nothing is known of. */
export interface WindowValues {
  values: { name?: string; value: number | null }[];
  absent: number | null;
}

/** Reads many windows of one moment; what several of them are made of is read once. */
export interface WindowReader {
  read(query: WindowQuery): Promise<WindowValues>;
}

/** Without demo traffic. A window begins with the full minute in which it begins: figures are kept by the minute. */
export function createWindowReader(store: Store, nowMs: number): WindowReader {
  const slices = new Map<number, Promise<Slice[]>>();
  const minutes = new Map<number, Promise<HostMinute[]>>();
  let active: ReturnType<typeof readActive> | undefined;

  const readCalls = (windowMs: number) =>
    once(slices, windowMs, () => {
      const { buckets } = coverRange(nowMs - windowMs, nowMs);
      return readSlices(store, buckets, ({ demo }) => matchesDemo(demo, false));
    });
  const readMinutes = (windowMs: number) =>
    once(minutes, windowMs, () => {
      const fromMs = Math.floor((nowMs - windowMs) / MINUTE_MS) * MINUTE_MS;
      return readHostMinutes(store, { fromMs, toMs: nowMs + MINUTE_MS }, undefined);
    });

  return {
    async read(query) {
      const { metric, windowMs } = query;
      if (metric === 'active') {
        active ??= readActive(store, { demo: false, nowMs });
        return countValues(await active, query);
      }
      if (isHostMetric(metric)) return minuteValues(await readMinutes(windowMs), metric, query);
      return callValues(await readCalls(windowMs), metric, query);
    },
  };
}

function once<T>(kept: Map<number, Promise<T>>, key: number, read: () => Promise<T>): Promise<T> {
  const known = kept.get(key) ?? read();
  kept.set(key, known);
  return known;
}

function callValues(
  slices: readonly Slice[],
  metric: RequestMetric,
  query: WindowQuery,
): WindowValues {
  const wanted = slices.filter(({ of }) => hasNames(of, query));
  const absent = metricValue(metric, undefined);
  if (!query.each) return { values: [{ value: metricValue(metric, sumSlices(wanted)) }], absent };
  const values = [...sumBy(wanted, query.each)].map(([name, rollup]) => ({
    ...{ name, value: metricValue(metric, rollup) },
  }));
  return { values, absent };
}

function countValues(
  calls: readonly { model: string; app: string; host: string | null }[],
  query: WindowQuery,
): WindowValues {
  const { each } = query;
  const counts = new Map<string, number>();
  const wanted = calls
    .map(({ host, ...call }) => ({ ...call, host: host ?? '' }))
    .filter((call) => hasNames(call, query));
  if (!each) return { values: [{ value: wanted.length }], absent: 0 };
  for (const call of wanted) counts.set(call[each], (counts.get(call[each]) ?? 0) + 1);
  return { values: [...counts].map(([name, value]) => ({ name, value })), absent: 0 };
}

/** Means of the minutes in the window. */
function minuteValues(
  minutes: readonly HostMinute[],
  metric: HostMetric,
  query: WindowQuery,
): WindowValues {
  const wanted = minutes.filter(({ host }) => query.host === undefined || host === query.host);
  const firstMs = Math.min(...wanted.map(({ atMs }) => atMs), Infinity);
  const plan = { stepSeconds: 7 * 86_400, unit: 'minute', startsMs: [firstMs] } as const;
  const valueOf = (of: readonly HostMinute[]) =>
    hostValues(of, { ...plan, startsMs: [...plan.startsMs] }, metric)[0] ?? null;
  if (query.each !== 'host') return { values: [{ value: valueOf(wanted) }], absent: null };
  const hosts = [...new Set(wanted.map(({ host }) => host))];
  return {
    values: hosts.map((name) => ({
      ...{ name, value: valueOf(wanted.filter(({ host }) => host === name)) },
    })),
    absent: null,
  };
}
