import { useEffect, useRef, useState } from 'preact/hooks';

import { useApp } from '../app-context.ts';
import { useI18n } from '../i18n/i18n.ts';
import type { Freshness } from '../live/connection.ts';
import { useStore } from '../store/use-store.ts';

/** At most one message in this time: the last state wins. */
const SETTLE_MS = 5000;

/** The page's one polite status region: it tells of the connection, never of single calls. */
export function Announcer() {
  const { t } = useI18n();
  const freshness = useStore(useApp().feed.freshness, (value) => value);
  const [said, say] = useState<Freshness>('connecting');
  const lastAt = useRef(-SETTLE_MS);
  useEffect(() => {
    if (freshness === said) return;
    const waitMs = Math.max(300, lastAt.current + SETTLE_MS - performance.now());
    const timer = setTimeout(() => {
      lastAt.current = performance.now();
      say(freshness);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [freshness, said]);
  const words: Record<Freshness, string> = {
    connecting: '',
    live: t.connection.saidConnected,
    paused: t.connection.saidPaused,
    stale: t.connection.saidStale,
    reconnecting: t.connection.saidReconnecting,
    error: t.connection.saidError,
  };
  return (
    <div class="visually-hidden" role="status">
      {words[said]}
    </div>
  );
}
