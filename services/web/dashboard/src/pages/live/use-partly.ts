import type { LiveState } from '@llm-monitor/contracts/live';

import { useI18n } from '../../i18n/i18n.ts';

/** Says of how many running calls anything but their number is known, where that is not all of them. */
export function usePartly(live: LiveState | null): string | undefined {
  const { t, format } = useI18n();
  return live?.unlisted ? t.active.partly(format.count(live.active.size)) : undefined;
}
