import { lazyView } from './lazy-view.tsx';

/** Only where somebody had to log in. */
export const LazyAccount = lazyView({
  load: async () => (await import('./account.tsx')).Account,
  waiting: null,
});
