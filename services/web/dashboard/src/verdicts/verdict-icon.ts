import type { VerdictKind } from '@llm-monitor/contracts/events';

import type { IconName } from '../components/icon.tsx';

export const VERDICT_ICONS: Readonly<Record<VerdictKind, IconName>> = {
  stalled: 'stale',
  looping: 'reconnecting',
  runaway: 'error',
  queued: 'queued',
  loading: 'loading',
  truncated: 'missing',
};
