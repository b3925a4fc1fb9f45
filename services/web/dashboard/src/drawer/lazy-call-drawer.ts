import { lazyView } from '../components/lazy-view.tsx';

/** A call in all its details. Most visits open none. */
export const CallDrawer = lazyView<{ id: string }>({
  waiting: null,
  load: async () => (await import('./call-drawer.tsx')).CallDrawer,
});
