import { useEffect, useRef } from 'preact/hooks';

import { useApp, useRoute } from '../app-context.ts';
import { useStore } from '../store/use-store.ts';

/** Keeps the height that this page's notices had when it was left: they come with the data, and would push all else down. */
export function useNoticeRoom() {
  const { feed } = useApp();
  const { page } = useRoute();
  const area = useRef<HTMLElement>(null);
  const isWaiting = useStore(feed.live, (live) => live === null);
  const name = `llm-monitor.notices.${page}`;
  useEffect(() => {
    if (isWaiting) return;
    const keep = () => tryTo(() => (localStorage[name] = area.current?.offsetHeight ?? 0));
    window.addEventListener('pagehide', keep);
    return () => window.removeEventListener('pagehide', keep);
  }, [name, isWaiting]);
  const room = isWaiting ? Number(tryTo(() => localStorage[name])) : 0;
  return { ref: area, style: { minHeight: `${room || 0}px` } };
}

/** Storage may be blocked or full. */
function tryTo<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
