import type { ComponentChildren } from 'preact';

import { useApp } from '../app-context.ts';
import { useStore } from '../store/use-store.ts';
import { ErrorState } from './error-state.tsx';

/** What all pages have: they are dimmed while their data is old, and say what is wrong while there is none. */
export function PageFrame({ children }: { children: ComponentChildren }) {
  const { feed } = useApp();
  const hasData = useStore(feed.live, (live) => live !== null);
  const freshness = useStore(feed.freshness, (value) => value);
  const isOld = freshness === 'stale' || freshness === 'reconnecting';
  return (
    <main
      class={`page ${isOld ? 'is-old' : ''}`}
      id="content"
      tabIndex={-1}
      aria-busy={!hasData && freshness !== 'error'}
    >
      {!hasData && freshness === 'error' ? <ErrorState /> : children}
    </main>
  );
}
