import { lazyView } from '../../../components/lazy-view.tsx';

/** Most visits find calls. */
export const LazyEmptyState = lazyView<{ models: readonly string[] }>({
  waiting: <section class="panel message is-waiting" />,
  load: async () => (await import('./empty-state.tsx')).EmptyState,
});
