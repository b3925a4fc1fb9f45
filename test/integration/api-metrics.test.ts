import { readFileSync } from 'node:fs';

import { CONSUMERS, STREAMS } from '@llm-monitor/contracts/bus';
import { COUNT_FIELDS, LIFETIME } from '@llm-monitor/contracts/redis';
import { AckPolicy, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import parsePrometheusTextFormat from 'parse-prometheus-text-format';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { collectEvents, type EventCollector } from '../helpers/collect-events.ts';
import { parsePromql } from '../helpers/parse-promql.ts';
import { projectRoot } from '../helpers/project-root.ts';
import { createSeeder, type SeededCall } from '../helpers/seed-store.ts';
import { startApi, type RunningApi } from '../helpers/start-api.ts';
import { startNats, type NatsServer } from '../helpers/start-nats.ts';
import { startRedis, type RedisServer } from '../helpers/start-redis.ts';
import { waitFor } from '../helpers/wait-for.ts';

const HOSTILE = 'evil"} 1\nllm_monitor_fake 1\\';

let redis: RedisServer;
let nats: NatsServer;
let events: EventCollector;
let api: RunningApi;
let clockMs = 0;

beforeAll(async () => {
  [redis, nats] = await Promise.all([startRedis(), startNats()]);
  events = await collectEvents(nats.url);
  await addConsumers();
  api = await startApi({
    ...{ redisUrl: redis.url, natsUrl: nats.url, shards: 2, maxCombinations: 3 },
    elapsedMs: () => clockMs,
  });
  const seeder = createSeeder(api.redis, api.keys);
  const startedAtMs = Date.now() - 60_000;
  const usage = { inputTokens: 20, outputTokens: 101, source: 'server' } as const;
  const ended = (id: string, call: Partial<SeededCall> = {}) => ({
    ...{ id, startedAtMs, durationMs: 3000, ttftMs: 1000, provider: 'ollama', usage, ...call },
  });
  await seeder.ended(
    ...Array.from({ length: 20 }, (_, i) => ended(`shop-${i}-call`)),
    ended('slow-call', { durationMs: 30_000, ttftMs: 4000, host: 'elsewhere' }),
    ended('timed-out-1', { outcome: 'timeout' }),
    ended('broken-1-call', { outcome: 'error' }),
    ended('left-1-call', { outcome: 'cancelled' }),
    ended('hostile-call', { model: HOSTILE, app: 'x' }),
    ended('hostile-call-2', { model: HOSTILE, app: 'x' }),
    ...Array.from({ length: 5 }, (_, i) => ended(`rare-${i}-call`, { model: `rare-${i}` })),
    ended('demo-1-call', { demo: true, model: 'demo-model' }),
  );
  await seeder.running({ id: 'running-1', startedAtMs }, { id: 'running-2', startedAtMs });
  await seeder.running({ id: 'running-rare', startedAtMs, model: 'rare-9' });
  await keepHost();
  await waitFor(
    'NATS',
    async () => (await scrape()).get('llm_monitor_nats_up')?.[0]?.value === '1',
  );
});
afterAll(async () => {
  await api.close();
  await events.stop();
  await Promise.all([redis.stop(), nats.stop()]);
});

/** As a collector does, without which NATS cannot say how far it is. */
async function addConsumers(): Promise<void> {
  const connection = await connect({ servers: nats.url });
  const manager = await jetstreamManager(connection);
  for (const [stream, durable] of Object.entries(CONSUMERS)) {
    const name = STREAMS[stream as keyof typeof CONSUMERS];
    await manager.consumers.add(name, { durable_name: durable, ack_policy: AckPolicy.Explicit });
  }
  await connection.close();
}

async function keepHost(): Promise<void> {
  const { global } = api.keys;
  const gpu = { loadPercent: 81, vramUsedBytes: 9e9, vramTotalBytes: 24e9, powerWatts: 290 };
  const sample = {
    ...{ host: 'here', cpuPercent: 37.5, cpuCount: 4, memoryUsedBytes: 1e9, memoryTotalBytes: 2e9 },
    ...{ uptimeSeconds: 5, gpus: [{ name: 'GPU', temperatureCelsius: 61, ...gpu }] },
    server: { provider: 'ollama', address: '127.0.0.1:11434', reachable: true, version: null },
  };
  const loaded = { name: 'phi3', sizeBytes: 5, vramBytes: 4, expiresAt: null, contextLength: null };
  const list = {
    ...{ host: 'here', provider: 'ollama', serverAddress: '127.0.0.1:11434' },
    ...{ models: [], loaded: [loaded] },
  };
  const seenAtMs = Date.now();
  await api.redis.hset(global.hosts, 'here', JSON.stringify({ seenAtMs, skewMs: 0, sample }));
  const stored = JSON.stringify({ seenAtMs, list });
  await api.redis.hset(global.models, 'here|127.0.0.1:11434', stored);
}

type Metrics = ReturnType<typeof parsePrometheusTextFormat>[number]['metrics'];

/** Asks anew, and reads what comes by a parser that is not ours. */
async function scrape(url = api.url): Promise<Map<string, Metrics>> {
  clockMs += 60_000;
  const text = await (await fetch(`${url}/metrics`)).text();
  // Of histograms with labels the parser keeps one only: it is to read their lines as what they are, samples.
  const samples = text.replace(/^# .* histogram\n/gm, '');
  const all = new Map<string, Metrics>();
  for (const { name, metrics } of parsePrometheusTextFormat(samples)) {
    all.set(name, [...(all.get(name) ?? []), ...metrics]);
  }
  return all;
}
const of = (metrics: Metrics | undefined, labels: Record<string, string>) =>
  metrics?.filter((metric) =>
    Object.entries(labels).every(([name, value]) => metric.labels?.[name] === value),
  ) ?? [];
const SHOP = { gen_ai_request_model: 'llama3.2:3b', app: 'shop', gen_ai_provider_name: 'ollama' };

describe('the metrics of calls', () => {
  test('are the convention’s histograms, of all shards and hosts together', async () => {
    const all = await scrape();
    const histogram = (name: string, labels: Record<string, string> = SHOP) => {
      const value = (suffix: string) => of(all.get(name + suffix), labels).map((one) => one.value);
      const buckets = of(all.get(`${name}_bucket`), labels);
      return {
        ...{ count: value('_count'), sum: value('_sum') },
        ...Object.fromEntries(buckets.map((one) => [one.labels?.['le'], one.value])),
      };
    };
    expect(histogram('gen_ai_client_operation_duration_seconds')).toMatchObject({
      ...{ count: ['21'], sum: ['90'], '2.56': '0', '5.12': '20', '40.96': '21', '+Inf': '21' },
    });
    expect(histogram('gen_ai_server_time_to_first_token_seconds')).toMatchObject({
      ...{ count: ['21'], sum: ['24'], '0.75': '0', '2.5': '20', '5.0': '21' },
    });
    expect(histogram('gen_ai_server_time_per_output_token_seconds')).toMatchObject({
      ...{ count: ['24'], '0.01': '0', '0.025': '23', '0.3': '24' },
    });
    const output = { ...SHOP, gen_ai_token_type: 'output' };
    expect(histogram('gen_ai_client_token_usage', output)).toMatchObject({
      ...{ count: ['24'], sum: [String(24 * 101)], '64.0': '0', '256.0': '24' },
    });
  });

  test('count what started, ended and runs, without demo traffic', async () => {
    const all = await scrape();
    expect(of(all.get('llm_monitor_requests_started_total'), SHOP)).toMatchObject([
      { value: '26' },
    ]);
    const ended = (labels: Record<string, string>) =>
      of(all.get('llm_monitor_requests_total'), { ...SHOP, ...labels }).map(({ value }) => value);
    expect(ended({ outcome: 'completed' })).toEqual(['21']);
    expect(ended({ outcome: 'failed', error_type: 'timeout' })).toEqual(['1']);
    expect(ended({ outcome: 'failed', error_type: '_OTHER' })).toEqual(['1']);
    expect(ended({ outcome: 'cancelled' })).toEqual(['1']);
    const active = all.get('llm_monitor_requests_active');
    expect(of(active, { gen_ai_request_model: 'llama3.2:3b' })).toMatchObject([{ value: '2' }]);
    expect(JSON.stringify([...all])).not.toContain('demo-model');
  });

  test('name three combinations, since more are not wanted, and tell the rest as one', async () => {
    const all = await scrape();
    const models = all
      .get('llm_monitor_requests_started_total')
      ?.map(({ labels }) => labels?.['gen_ai_request_model']);
    expect(models).toHaveLength(4);
    expect(models).toEqual(expect.arrayContaining(['llama3.2:3b', HOSTILE, 'other']));
    const started = all.get('llm_monitor_requests_started_total') ?? [];
    expect(started.reduce((sum, { value }) => sum + Number(value), 0)).toBe(34);
    const other = of(all.get('llm_monitor_requests_active'), { gen_ai_request_model: 'other' });
    expect(other).toMatchObject([{ value: '1' }]);
  });

  test('cannot be forged by the name of a model', async () => {
    expect((await scrape()).has('llm_monitor_fake')).toBe(false);
  });
});

test('machines, GPUs, loaded models and the pipeline are gauges', async () => {
  const all = await scrape();
  const value = (name: string) => all.get(`llm_monitor_${name}`)?.map((metric) => metric.value);
  expect(value('host_cpu_ratio')).toEqual(['0.375']);
  expect(value('gpu_utilization_ratio')).toEqual(['0.81']);
  expect(value('gpu_memory_used_bytes')).toEqual(['9000000000']);
  expect(value('model_loaded_vram_bytes')).toEqual(['4']);
  expect(value('waiting_events')?.length).toBeGreaterThan(0);
  expect(value('dead_letters')).toEqual(['0']);
  expect(value('lost_events')).toEqual(['0']);
});

test('what shares an answer is read once, and a counter that is corrected says what it said', async () => {
  const before = await (await fetch(`${api.url}/metrics`)).text();
  const { rollup } = api.keys.shard(0);
  await api.redis.hincrby(rollup(LIFETIME, 'llama3.2%3A3b:shop:'), COUNT_FIELDS.started, -1);
  expect(await (await fetch(`${api.url}/metrics`)).text()).toBe(before);
  const started = async (url?: string) =>
    of((await scrape(url)).get('llm_monitor_requests_started_total'), SHOP)[0]?.value;
  expect(await started()).toBe('26');
  const fresh = await startApi({ redisUrl: redis.url, shards: 2 });
  try {
    expect(await started(fresh.url)).toBe('25');
  } finally {
    await fresh.close();
  }
});

test('are OpenMetrics for who asks for them, and the text format for all others', async () => {
  const headers = { accept: 'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.2' };
  const answer = await fetch(`${api.url}/metrics`, { headers });
  expect(answer.headers.get('content-type')).toMatch(/^application\/openmetrics-text/);
  expect(await answer.text()).toMatch(/\n# EOF\n$/);
  const text = await fetch(`${api.url}/metrics`);
  expect(text.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
});

test('are for who may look', async () => {
  const tokens = { operator: 'secret', viewer: 'looks' };
  const guarded = await startApi({ redisUrl: redis.url, shards: 2, tokens });
  try {
    expect((await guarded.get('/metrics')).status).toBe(401);
    const headers = { authorization: 'Bearer looks' };
    const { status, body } = await guarded.get('/metrics', { headers });
    expect(status).toBe(200);
    // Without NATS the rest is told all the same.
    expect(body).toContain('llm_monitor_nats_up 0\n');
    expect(body).not.toContain('llm_monitor_waiting_events{');
  } finally {
    await guarded.close();
  }
});

interface Dashboard {
  panels: { type: string; title: string; targets?: { expr: string }[] }[];
  templating: { list: { type: string; definition?: string }[] };
}

describe('the Grafana dashboard', () => {
  const path = `${projectRoot()}/deploy/grafana/llm-monitor.json`;
  const dashboard = JSON.parse(readFileSync(path, 'utf8')) as Dashboard;
  const queries = [
    ...dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ...dashboard.templating.list.flatMap(({ definition }) => definition ?? []),
  ].map((query) =>
    query
      .replace(/\$__(rate_interval|range)/g, '5m')
      .replace(/\$\w+/g, '.*')
      // A variable's list: the metric and its label.
      .replace(/^label_values\((\w+), (\w+)\)$/, 'sum by ($2) ($1)'),
  );

  test('asks only for what there is, by labels that it has', async () => {
    const known = new Map<string, Set<string>>();
    for (const [name, metrics] of await scrape()) {
      const labels = new Set(metrics.flatMap((metric) => Object.keys(metric.labels ?? {})));
      known.set(name, labels);
    }
    expect(queries.length).toBeGreaterThan(30);
    for (const query of queries) {
      const { metrics, labels } = parsePromql(query);
      expect(metrics.length, query).toBeGreaterThan(0);
      for (const metric of metrics) {
        expect([...(known.get(metric) ?? ['nothing of that name'])], query).toEqual(
          expect.arrayContaining(labels),
        );
      }
    }
  });
});
