import { lazyView } from '../components/lazy-view.tsx';

export const LazyDemoButton = lazyView<{ does: 'start' | 'stop' }>({
  waiting: null,
  load: async () => (await import('./demo-button.tsx')).DemoButton,
});
