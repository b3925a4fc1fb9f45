import type { ActiveRequest, EndedRequest, ModelStats, Status } from '@llm-monitor/contracts/rest';

const TIMEOUT_MS = 5000;

/** What the monitor says of itself and of all calls; null when the monitor is down. */
export function getMonitorStatus(): Promise<Status | null> {
  return read<Status>('/api/status');
}

/** The calls that run now, oldest first; empty when there are none or the monitor is down. */
export async function getActiveRequests(): Promise<ActiveRequest[]> {
  return (await read<ActiveRequest[]>('/api/active')) ?? [];
}

/** The calls that ended last, newest first, at most `limit` (1–500); empty when there are none or the monitor is down. */
export async function getRecentRequests(limit = 10): Promise<EndedRequest[]> {
  return (await read<EndedRequest[]>(`/api/requests?limit=${limit}`)) ?? [];
}

/** Figures of each model; empty when there are none or the monitor is down. */
export async function getModelPerformance(): Promise<ModelStats[]> {
  return (await read<ModelStats[]>('/api/models')) ?? [];
}

/** Asks the monitor at LLM_MONITOR_URL, else `http://localhost:8080`; LLM_MONITOR_TOKEN is sent where it is set. */
async function read<T>(path: string): Promise<T | null> {
  const base = process.env['LLM_MONITOR_URL'] || 'http://localhost:8080';
  const token = process.env['LLM_MONITOR_TOKEN'];
  try {
    const response = await fetch(base.replace(/\/+$/, '') + path, {
      headers: token ? { authorization: `Bearer ${token}` } : {},
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) return (await response.json()) as T;
    await response.body?.cancel();
    return null;
  } catch {
    return null;
  }
}
