import { lazyView } from '../components/lazy-view.tsx';

export const LazyKeyHelp = lazyView({
  waiting: null,
  load: async () => (await import('./key-help.tsx')).KeyHelp,
});
