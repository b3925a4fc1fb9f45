import type {
  AlertChannel,
  AlertChannelBody,
  AlertChannels,
  AlertChannelTest,
} from '@llm-monitor/contracts/alerts';

import { ask, sending } from '../alerts-api.ts';

/** A test takes as long as the other side. */
const TEST_PATIENCE_MS = 40_000;

const pathOf = (id: string) => `/channels/${encodeURIComponent(id)}`;

export const readChannels = (signal: AbortSignal) => ask<AlertChannels>('/channels', { signal });
export const writeChannel = (id: string, body: AlertChannelBody) =>
  ask<AlertChannel>(pathOf(id), sending('PUT', body));
export const removeChannel = (id: string) => ask<null>(pathOf(id), { method: 'DELETE' });
export const tryChannel = (id: string) =>
  ask<AlertChannelTest>(`${pathOf(id)}/test`, {
    ...{ method: 'POST', signal: AbortSignal.timeout(TEST_PATIENCE_MS) },
  });
