import { lazyView } from '../components/lazy-view.tsx';

/** Charts come after all that is live: they are the largest part of the page. */
export const LazyTrendBoard = lazyView<{ show: 'calls' | 'hosts' | 'all'; host?: string }>({
  waiting: <section class="panel charts-waiting" />,
  load: async () => (await import('./trend-board.tsx')).TrendBoard,
});
