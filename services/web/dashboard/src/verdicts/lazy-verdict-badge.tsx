import type { Verdict } from '@llm-monitor/contracts/events';

import { lazyView } from '../components/lazy-view.tsx';

/** Most calls have no verdict: the first one brings the code. */
export const LazyVerdictBadge = lazyView<{ verdict: Verdict }>({
  waiting: null,
  load: async () => (await import('./verdict-badge.tsx')).VerdictBadge,
});
