import type {
  ActiveRequest,
  AppStats,
  EndedRequest,
  Host,
  ModelStats,
  Status,
} from '../rest/index.ts';
import { stateFromSnapshot, type LiveState } from './live-state.ts';
import type { Frame, Snapshot } from './live.ts';

// Material for tests.

const call = {
  id: 'request-1',
  model: 'llama3.2:3b',
  app: 'shop',
  host: null,
  instance: null,
  provider: null,
  operation: null,
  stream: null,
  prompt: null,
  prompt_chars: null,
  logical_id: null,
  session_id: null,
  user_id: null,
  tags: [],
  demo: false,
  started_at: '2026-05-01T10:00:00.000Z',
};

export function anActiveCall(fields: Partial<ActiveRequest> = {}): ActiveRequest {
  return {
    ...call,
    status: 'running',
    phase: 'waiting',
    duration: 0,
    tokens_generated: 0,
    tokens_per_second: null,
    time_to_first_token: null,
    prefill_percent: null,
    last_token_at: null,
    ...fields,
  };
}

export function anEndedCall(fields: Partial<EndedRequest> = {}): EndedRequest {
  return {
    ...call,
    status: 'completed',
    outcome: 'completed',
    ended_at: '2026-05-01T10:00:04.000Z',
    duration: 4,
    time_to_first_token: null,
    tokens_input: null,
    tokens_generated: null,
    tokens_source: 'none',
    tokens_per_second: null,
    finish_reason: null,
    cancelled_by: null,
    error: null,
    response: null,
    phases: null,
    parameters: null,
    resources: null,
    ...fields,
  };
}

export function aStatus(fields: Partial<Status> = {}): Status {
  return {
    status: 'ok',
    version: '0.1.0',
    uptime: 60,
    active_requests: 0,
    total_requests: 0,
    completed_requests: 0,
    failed_requests: 0,
    timeout_requests: 0,
    cancelled_requests: 0,
    success_rate: null,
    avg_response_time: 0,
    total_tokens: 0,
    input_tokens: 0,
    models_available: [],
    dropped_events: 0,
    dropped_requests: 0,
    waiting_events: 0,
    lost_events: 0,
    dead_letters: 0,
    bots: 0,
    system: {
      cpu_percent: null,
      memory_percent: null,
      memory_used_bytes: null,
      memory_total_bytes: null,
    },
    ...fields,
  };
}

export function aModel(fields: Partial<ModelStats> = {}): ModelStats {
  return {
    ...{ name: 'llama3.2:3b', available: null, loaded: null, active_requests: 0 },
    ...{ total_requests: 0, completed_requests: 0, failed_requests: 0, timeout_requests: 0 },
    ...{ cancelled_requests: 0, success_rate: null, avg_response_time: 0 },
    ...{ p50: null, p95: null, p99: null },
    ...{ time_to_first_token: null, ttft_p50: null, ttft_p95: null, tokens_per_second: null },
    ...{ total_tokens: 0, input_tokens: 0, last_used: null, hosts: [] },
    ...fields,
  };
}

export function anApp(fields: Partial<AppStats> = {}): AppStats {
  const { available: _, loaded: __, hosts: ___, ...figures } = aModel();
  return {
    ...{ ...figures, name: 'shop', models: [], instances: [] },
    ...{ dropped_events: 0, dropped_requests: 0 },
    ...fields,
  };
}

export function aHost(fields: Partial<Host> = {}): Host {
  return {
    ...{ name: 'workstation', online: true, last_seen: '2026-05-01T10:00:00.000Z' },
    ...{ cpu_percent: 12, cpu_count: 8, uptime: 3600, clock_skew: 0 },
    ...{ memory_percent: 50, memory_used_bytes: 2 ** 33, memory_total_bytes: 2 ** 34 },
    server: {
      ...{ provider: 'ollama', address: 'http://127.0.0.1:11434', reachable: true },
      ...{ version: '0.6.2', processes: null },
    },
    ...{ gpus: null, unseen_activity: null, models_available: [], models_loaded: [] },
    ...fields,
  };
}

export function aSnapshot(fields: Partial<Snapshot> = {}): Snapshot {
  return {
    epoch: 'epoch-1',
    pos: ['5-0'],
    serverTime: Date.UTC(2026, 4, 1, 10),
    version: '0.1.0',
    status: aStatus(),
    active: [],
    recent: [],
    models: [],
    apps: [],
    hosts: [],
    demoRunning: false,
    alerts: { evaluated: true, items: [] },
    ...fields,
  };
}

export function aState(fields: Partial<Snapshot> = {}): LiveState {
  return stateFromSnapshot(aSnapshot(fields));
}

export function aFrame(fields: Partial<Frame> = {}): Frame {
  return {
    epoch: 'epoch-1',
    prev: ['5-0'],
    pos: ['6-0'],
    serverTime: Date.UTC(2026, 4, 1, 10),
    ops: [],
    ...fields,
  };
}
