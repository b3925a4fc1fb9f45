import { useApp } from '../../app-context.ts';
import { useStore } from '../../store/use-store.ts';
import { ActiveSection } from './active-section.tsx';
import { EmptyState } from './empty-state.tsx';
import { ErrorState } from './error-state.tsx';
import { HistorySection } from './history-section.tsx';
import { ModelSection } from './model-section.tsx';
import { Tiles } from './tiles.tsx';

/** What runs now, what ended lately, and how the models do. */
export function LivePage() {
  const { feed } = useApp();
  const live = useStore(feed.live, (value) => value);
  const freshness = useStore(feed.freshness, (value) => value);
  if (!live && freshness === 'error') return <ErrorState />;
  const isOld = freshness === 'stale' || freshness === 'reconnecting';
  const isEmpty =
    live !== null &&
    live.active.size === 0 &&
    live.recent.length === 0 &&
    live.status.total_requests === 0;
  return (
    <main class={`page ${isOld ? 'is-old' : ''}`} id="content" aria-busy={live === null}>
      <Tiles live={live} />
      {isEmpty ? (
        <EmptyState models={live.status.models_available} />
      ) : (
        <ActiveSection active={live?.active ?? null} />
      )}
      {/* Not before the running calls are known: what stands below them would be pushed down. */}
      {live && !(isEmpty && live.models.length === 0) && (
        <ModelSection models={live.models} active={live.active} />
      )}
      {live && !isEmpty && <HistorySection recent={live.recent} />}
    </main>
  );
}
