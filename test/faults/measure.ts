import type { ActiveRequest, Stats, Status } from '@llm-monitor/contracts/rest';

import type { Load, Truth } from '../helpers/load.ts';
import type { StoreReading } from '../helpers/read-store.ts';
import { waitFor } from '../helpers/wait-for.ts';
import { ACK_WAIT_MS, type FaultBench } from './fault-bench.ts';

/** What can be measured: one server or many. */
export type Measurable = Pick<FaultBench, 'consumer' | 'read' | 'api'>;

/** What Redis and the API say after a fault, beside the truth. */
export interface Measured {
  store: StoreReading;
  /** One line for each figure that is not the truth; none when all is exact. */
  differences: string[];
  /** `1500 of 1500 calls counted, percentiles within 1.2 %` */
  summary: string;
}

/** Most that a percentile may be beside the truth; the rest of the digits is rounding. */
const PERCENTILE_ERROR = 0.0205;

/** Reads once every event is acked and Redis and the API say what the load holds, or after a while what they say instead. */
export async function measure(bench: Measurable, load: Load): Promise<Measured> {
  await drained(bench);
  let measured = await compare(bench, load);
  const isExact = async () => {
    measured = await compare(bench, load);
    return measured.differences.length === 0;
  };
  const patience = { timeoutMs: 15_000, everyMs: 200 };
  // A load that never gets exact is told by what differs.
  await waitFor('the counts to be exact', isExact, patience).catch(() => undefined);
  return measured;
}

/** Resolves once every message of the requests stream is acked. */
export async function drained(bench: Measurable): Promise<void> {
  await waitFor(
    'every event to be acked',
    async () => {
      const info = await bench.consumer();
      return info.num_pending + info.num_ack_pending === 0;
    },
    { timeoutMs: 30_000 + 3 * ACK_WAIT_MS, everyMs: 100 },
  );
}

/** What a store must say after a load: in its totals, its rollups, its lists. What its history let go, it counts. */
function expectedReading(truth: Truth, shed: number): Omit<StoreReading, 'buckets'> {
  const ended = truth.completed + truth.failed + truth.cancelled;
  return {
    ...{ totals: truth, minutes: truth, hours: truth, lifetimes: truth },
    active: truth.started - ended,
    history: ended - shed,
    requests: truth.started - shed,
    shed,
  };
}

/** Figures that contradict each other in themselves, whatever the truth is. */
export function contradictions(reading: StoreReading): string[] {
  const { totals, active, requests, shed, ...rest } = reading;
  const found: string[] = [];
  const ended = totals.completed + totals.failed + totals.cancelled;
  if (totals.started !== active + ended) {
    found.push(`started ${totals.started} is not active ${active} and ended ${ended}`);
  }
  if (totals.started !== requests + shed) {
    found.push(`started ${totals.started} is not the ${requests} requests of all shards`);
  }
  if (ended !== rest.history + shed) {
    found.push(`ended ${ended} is not the history's ${rest.history}`);
  }
  found.push(
    ...differing('minutes', rest.minutes, totals),
    ...differing('hours', rest.hours, totals),
    ...differing('lifetimes', rest.lifetimes, totals),
  );
  return found;
}

async function compare(bench: Measurable, load: Load): Promise<Measured> {
  const [store, stats, status, active] = await Promise.all([
    bench.read(),
    ask<Stats>(bench, '/api/stats'),
    ask<Status>(bench, '/api/status'),
    ask<ActiveRequest[]>(bench, '/api/active'),
  ]);
  const expected = expectedReading(load.truth, store.shed);
  const figures = figuresOf(load.truth);
  const percentiles = comparePercentiles(stats.totals, load);
  const worst = Math.max(0, ...percentiles.map(({ error }) => error));
  return {
    store,
    differences: [
      ...(['totals', 'minutes', 'hours', 'lifetimes'] as const).flatMap((part) =>
        differing(`Redis ${part}`, store[part], expected[part]),
      ),
      ...(['active', 'history', 'requests'] as const).flatMap((part) =>
        differing(`Redis ${part}`, { count: store[part] }, { count: expected[part] }),
      ),
      ...contradictions(store),
      ...differing('GET /api/stats', toFigures(stats.totals), figures),
      ...differing('GET /api/status', toFigures(status), figures),
      ...differing(
        'active',
        { status: status.active_requests, list: active.length },
        {
          status: expected.active,
          list: expected.active,
        },
      ),
      ...percentiles
        .filter(({ error }) => !(error <= PERCENTILE_ERROR))
        .map(({ name, seen, exact }) => `${name} is ${seen}, exactly ${exact}`),
    ],
    summary: `${store.totals.started} of ${load.truth.started} calls counted, percentiles within ${(100 * worst).toFixed(1)} %`,
  };
}

async function ask<T>(bench: Measurable, path: string): Promise<T> {
  const response = await fetch(`${bench.api.url}${path}`, { headers: { connection: 'close' } });
  if (!response.ok) throw new Error(`${path} answers ${response.status}`);
  return (await response.json()) as T;
}

/** The truth as the API shows it: a mean in seconds to the millisecond instead of a sum. */
function figuresOf({ durationMs, ...counts }: Truth) {
  const meanMs = counts.completed === 0 ? 0 : Math.round(durationMs / counts.completed);
  return { ...counts, meanMs };
}

function toFigures(figures: Status | Stats['totals']): ReturnType<typeof figuresOf> {
  return {
    started: figures.total_requests,
    completed: figures.completed_requests,
    failed: figures.failed_requests,
    timeouts: figures.timeout_requests,
    cancelled: figures.cancelled_requests,
    inputTokens: figures.input_tokens,
    outputTokens: figures.total_tokens,
    meanMs: Math.round(figures.avg_response_time * 1000),
  };
}

function comparePercentiles(figures: Stats['totals'], load: Load) {
  const durations = load.latencies.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  const firsts = load.latencies.map(({ ttftMs }) => ttftMs).sort((a, b) => a - b);
  const at = (sorted: readonly number[], q: number) => sorted[Math.ceil(q * sorted.length) - 1];
  return (
    [
      ['p50', durations, 0.5],
      ['p95', durations, 0.95],
      ['p99', durations, 0.99],
      ['ttft_p50', firsts, 0.5],
      ['ttft_p95', firsts, 0.95],
    ] as const
  ).map(([name, sorted, q]) => {
    const seen = figures[name];
    const exact = (at(sorted, q) ?? Number.NaN) / 1000;
    const isNone = sorted.length === 0 && seen === null;
    // Bucket 0 stands for everything up to a millisecond.
    const beside = Math.max(0, Math.abs((seen ?? 0) - exact) - (exact <= 0.001 ? 0.001 : 0));
    return { name, seen, exact, error: isNone ? 0 : beside / exact };
  });
}

function differing<T extends object>(what: string, seen: T, expected: T): string[] {
  return Object.keys(expected)
    .filter((name) => seen[name as keyof T] !== expected[name as keyof T])
    .map((name) => {
      const field = name as keyof T;
      return `${what}: ${name} is ${String(seen[field])}, not ${String(expected[field])}`;
    });
}
