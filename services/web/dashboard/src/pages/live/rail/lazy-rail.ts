import { lazyView } from '../../../components/lazy-view.tsx';
import type { LiveState } from '../../../live/live-state.ts';

/** Its place is kept: it comes a moment after the running calls. */
export const LazyRail = lazyView<{ live: LiveState }>({
  waiting: null,
  load: async () => (await import('./live-rail.tsx')).LiveRail,
});
