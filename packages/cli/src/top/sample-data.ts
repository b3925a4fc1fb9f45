import type { Snapshot } from '@llm-monitor/contracts/live';
import type {
  ActiveRequest,
  EndedRequest,
  Host,
  ModelStats,
  Status,
} from '@llm-monitor/contracts/rest';

// For tests alone.

export const NOW_MS = Date.UTC(2026, 4, 1, 12);
export const EVIL =
  '\u001b[2J\u001b]0;owned\u0007\u009b31m\r\n日本語の長い質問 👩🏽‍🚀 and more words than fit anywhere';

export const active = (id: string, over: Partial<ActiveRequest> = {}) =>
  ({
    id,
    app: 'generator',
    model: 'llama3.2:3b',
    host: 'vm',
    status: 'running',
    phase: 'generating',
    prompt: EVIL,
    started_at: new Date(NOW_MS - 12_000).toISOString(),
    tokens_generated: 42,
    tokens_per_second: 18.2,
    prefill_percent: null,
    last_token_at: null,
    time_to_first_token: null,
    tags: [],
    ...over,
  }) as ActiveRequest;
export const ended = (id: string, over: Partial<EndedRequest> = {}) =>
  ({
    ...active(id),
    status: 'completed',
    operation: 'chat',
    ended_at: new Date(NOW_MS - 3000).toISOString(),
    duration: 2,
    error: null,
    tokens_source: 'server',
    ...over,
  }) as EndedRequest;
export const snapshot = {
  epoch: 'e',
  pos: ['5-0'],
  serverTime: NOW_MS + 500,
  version: '0.1.0',
  status: {
    status: 'ok',
    success_rate: 93.2,
    failed_requests: 4,
    total_requests: 60,
    total_tokens: 9,
  } as Status,
  active: [
    active('aaaaaaaa'),
    active('bbbbbbbb', { app: 'zeta', phase: 'prompt', prefill_percent: 45, tokens_generated: 7 }),
  ],
  recent: [ended('cccccccc')],
  models: [
    {
      name: 'llama3.2:3b',
      loaded: true,
      hosts: [{ host: 'vm', loaded: true, memory_bytes: 2 * 1024 ** 3 }],
      p95: 3,
      active_requests: 2,
      total_requests: 60,
      tokens_per_second: null,
      total_tokens: 9,
      success_rate: 100,
    },
  ] as unknown as ModelStats[],
  apps: [],
  hosts: [
    {
      name: EVIL,
      online: true,
      server: null,
      cpu_percent: 91.4,
      memory_percent: 40,
      gpus: [{ load_percent: 88 }],
      models_loaded: [],
    },
  ] as unknown as Host[],
  demoRunning: false,
  alerts: { evaluated: true, items: [] },
} as Snapshot;
