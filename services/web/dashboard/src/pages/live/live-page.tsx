import { useApp } from '../../app-context.ts';
import { LazyTrendBoard } from '../../charts/lazy-trend-board.tsx';
import { ModelSection } from '../../models/model-section.tsx';
import { useStore } from '../../store/use-store.ts';
import { ActiveSection } from './active-section.tsx';
import { LazyEmptyState } from './empty/lazy-empty-state.tsx';
import { HistorySection } from './history-section.tsx';
import { LazyRail } from './rail/lazy-rail.ts';
import { Tiles } from './tiles.tsx';

/** What runs now, what ended lately, and how the models do. */
export function LivePage() {
  const live = useStore(useApp().feed.live, (value) => value);
  const isEmpty =
    live !== null &&
    live.active.size === 0 &&
    live.recent.length === 0 &&
    live.status.total_requests === 0;
  return (
    <>
      <Tiles live={live} />
      {isEmpty && <LazyEmptyState models={live.status.models_available} />}
      <div class="live-now">
        {!isEmpty && <ActiveSection live={live} />}
        {live && !isEmpty && <LazyRail live={live} />}
        {/* Not before the running calls are known: what stands below them would be pushed down. */}
        {live && !(isEmpty && live.models.length === 0) && (
          <ModelSection models={live.models} active={live.active} />
        )}
      </div>
      {live && !isEmpty && <LazyTrendBoard show="all" />}
      {live && !isEmpty && <HistorySection recent={live.recent} />}
    </>
  );
}
