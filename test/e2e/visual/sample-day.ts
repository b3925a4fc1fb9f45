import type { Snapshot } from '@llm-monitor/contracts/live';
import type {
  ActiveRequest,
  AppStats,
  EndedRequest,
  Facets,
  Figures,
  Host,
  ModelStats,
  Trends,
} from '@llm-monitor/contracts/rest';

// A day of a trading desk, the same in every run.

export const NOW = Date.UTC(2026, 4, 1, 10);
const MODELS = ['llama3.1:8b', 'mistral:latest', 'phi3:latest', 'qwen2.5-coder:7b'];
const APPS = ['background', 'generator', 'optimizer'];
const PHASES = ['generating', 'prompt', 'loading', 'queued', 'generating'] as const;
const STATUSES = ['completed', 'completed', 'failed', 'completed', 'timeout', 'cancelled'] as const;
const iso = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const pick = <T>(list: readonly T[], i: number) => list[i % list.length] as T;

const call = (i: number) => ({
  ...{ id: `sample-call-${i}`, model: pick(MODELS, i), app: pick(APPS, i), host: 'workstation' },
  ...{ instance: 'one', provider: 'ollama', operation: 'chat', stream: true },
  prompt: `Which of these ${i + 3} setups on EUR/USD is worth a closer look? Answer as JSON.`,
  ...{ prompt_chars: 74, logical_id: null, session_id: `session-${i % 4}`, user_id: null },
  ...{ tags: [], demo: false },
});

const active = Array.from({ length: 5 }, (_, i): ActiveRequest => ({
  ...call(100 + i),
  ...{ status: 'running', phase: pick(PHASES, i), started_at: iso(-70 - i * 40), duration: 70 },
  tokens_generated: i % 4 === 0 ? 120 + i : 0,
  tokens_per_second: i % 4 === 0 ? 38.2 : null,
  ...{ time_to_first_token: null, prefill_percent: i === 1 ? 42 : null },
  last_token_at: i % 4 === 0 ? iso(-1) : null,
}));

export const ended = Array.from({ length: 40 }, (_, i): EndedRequest => {
  const status = pick(STATUSES, i);
  const duration = 1 + ((i * 7) % 23);
  return {
    ...call(i),
    ...{ status, outcome: status === 'failed' ? 'error' : status, duration },
    ...{ started_at: iso(-60 - i * 30 - duration), ended_at: iso(-60 - i * 30) },
    ...{ time_to_first_token: 0.4, tokens_input: 80, tokens_generated: 30 + i * 3 },
    ...{ tokens_source: 'server', tokens_per_second: 41.5, finish_reason: 'stop' },
    cancelled_by: status === 'cancelled' ? 'dashboard' : null,
    error:
      status === 'failed'
        ? { type: 'ResponseError', message: 'model runner has terminated', status: 500 }
        : null,
    response: 'The second one: its risk is known before the entry.',
    phases: { queue: 0.1, load: 0.3, prompt: 0.2, generation: duration - 0.6 },
    ...{ parameters: { temperature: 0.2 }, resources: null },
  };
});

const figures = (i: number): Figures => ({
  ...{ total_requests: 400 - i * 70, completed_requests: 370 - i * 65, failed_requests: 12 },
  ...{ timeout_requests: 4, cancelled_requests: 8, success_rate: 96.9 - i },
  ...{ avg_response_time: 4.2 + i, p50: 3.6 + i, p95: 11.4 + i, p99: 19.8 + i },
  ...{ time_to_first_token: 0.7, ttft_p50: 0.6, ttft_p95: 2.1, tokens_per_second: 42 - i * 5 },
  ...{ total_tokens: 48_000 - i * 9000, input_tokens: 12_000 },
});

const models = MODELS.map((name, i): ModelStats => ({
  ...{ name, available: true, loaded: i < 2, active_requests: 1, ...figures(i) },
  ...{ last_used: iso(-60 - i * 300), hosts: [] },
}));
const apps = APPS.map((name, i): AppStats => ({
  ...{ name, active_requests: 1, ...figures(i), last_used: iso(-60 - i * 300) },
  ...{ models: MODELS.slice(i), dropped_events: 0, dropped_requests: 0, instances: [] },
}));
const host: Host = {
  ...{ name: 'workstation', online: true, last_seen: iso(-1), cpu_percent: 38, cpu_count: 16 },
  ...{ memory_percent: 62, memory_used_bytes: 40e9, memory_total_bytes: 64e9, uptime: 300_000 },
  ...{ clock_skew: 0, unseen_activity: null, models_available: MODELS },
  server: {
    ...{ provider: 'ollama', address: 'http://127.0.0.1:11434', reachable: true },
    ...{ version: '0.9.0', processes: { count: 2, cpu_percent: 310, memory_bytes: 9e9 } },
  },
  gpus: [
    {
      ...{ name: 'GPU 0', load_percent: 84, vram_used_bytes: 15e9, vram_total_bytes: 24e9 },
      ...{ power_watts: 241, temperature_celsius: 67 },
    },
  ],
  models_loaded: MODELS.slice(0, 2).map((name, i) => ({
    ...{ name, size_bytes: 6e9, vram_bytes: i === 0 ? 6e9 : 4e9, context_length: 8192 },
    expires_at: iso(200 + i * 60),
  })),
};

export const snapshot: Snapshot = {
  ...{ epoch: 'sample', pos: ['1-0'], serverTime: NOW, version: '0.1.0' },
  status: {
    ...{ status: 'ok', version: '0.1.0', uptime: 86_400, active_requests: active.length },
    ...{ total_requests: 1284, completed_requests: 1227, failed_requests: 31 },
    ...{ timeout_requests: 9, cancelled_requests: 21, success_rate: 97.5, avg_response_time: 4.8 },
    ...{ total_tokens: 210_480, input_tokens: 96_310, models_available: MODELS },
    ...{ dropped_events: 0, dropped_requests: 0, waiting_events: 0, lost_events: 0 },
    dead_letters: 0,
    bots: 0,
    system: {
      ...{ cpu_percent: 38, memory_percent: 62, memory_used_bytes: 40e9, memory_total_bytes: 64e9 },
    },
  },
  ...{ active, recent: ended, models, apps, hosts: [host], demoRunning: false },
  alerts: { evaluated: true, items: [] },
};

const METRICS = [
  ...['requests', 'failed', 'active', 'p50', 'p95', 'p99', 'ttft_p50', 'ttft_p95'],
  ...['tokens_per_second', 'output_tokens', 'input_tokens', 'cpu_percent', 'memory_percent'],
  ...['gpu_percent', 'models_memory_bytes', 'models_vram_bytes', 'vram_used_bytes'],
];

const trends: Trends = {
  ...{ from: iso(-3600), to: iso(0), start: iso(-3600), step: 60 },
  series: METRICS.map((metric, which) => ({
    metric,
    unit: '',
    values: Array.from({ length: 61 }, (_, i) => {
      if (metric.startsWith('p') && i > 20 && i < 26) return null;
      const wave = 2 + Math.sin(i / 5 + which) + Math.cos(i / 3);
      return metric.endsWith('bytes') ? wave * 2e9 : Math.round(wave * 4);
    }),
  })),
  marks: [{ at: iso(-1800), kind: 'loaded', host: 'workstation', model: MODELS[0] ?? '' }],
};

const count = (names: readonly string[]) => names.map((name, i) => ({ name, count: 90 - i * 20 }));
const facets: Facets = {
  status: count(['completed', 'failed', 'timeout', 'cancelled']),
  ...{ model: count(MODELS), app: count(APPS), host: count(['workstation']) },
};

/** What the API says of that day. */
export const answers: Record<string, unknown> = {
  '/api/requests': ended,
  '/api/trends': trends,
  '/api/facets': facets,
  '/api/requests/sample-call-2': ended[2],
};
