import type {
  AlertChannel,
  AlertChannelBody,
  AlertChannels,
  AlertChannelTest,
} from '@llm-monitor/contracts/alerts';
import type { Problem } from '@llm-monitor/contracts/rest';

import { createOwnFetch } from '../../../rest/own-fetch.ts';

/** A test takes as long as the other side. */
const PATIENCE_MS = 40_000;

/** @throws {Error} with what the API says */
async function ask<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await createOwnFetch(window)(`/api/alerts/channels${path}`, {
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...init,
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body as Answer;
  const { detail, title } = (body ?? {}) as Partial<Problem>;
  throw new Error(detail || title || response.statusText);
}

const pathOf = (id: string) => `/${encodeURIComponent(id)}`;

export const readChannels = (signal: AbortSignal) => ask<AlertChannels>('', { signal });
export const writeChannel = (id: string, body: AlertChannelBody) =>
  ask<AlertChannel>(pathOf(id), {
    ...{ method: 'PUT', body: JSON.stringify(body) },
    headers: { 'content-type': 'application/json' },
  });
export const removeChannel = (id: string) => ask<null>(pathOf(id), { method: 'DELETE' });
export const tryChannel = (id: string) =>
  ask<AlertChannelTest>(`${pathOf(id)}/test`, { method: 'POST' });
