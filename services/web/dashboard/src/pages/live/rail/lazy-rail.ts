import type { LiveState } from '@llm-monitor/contracts/live';

import { lazyView } from '../../../components/lazy-view.tsx';

/** Its place is kept: it comes a moment after the running calls. */
export const LazyRail = lazyView<{ live: LiveState }>({
  waiting: null,
  load: async () => (await import('./live-rail.tsx')).LiveRail,
});
