import { useApp } from '../app-context.ts';
import { useI18n } from '../i18n/i18n.ts';
import { useStore } from '../store/use-store.ts';
import { Icon } from './icon.tsx';
import { Ticking } from './ticking.tsx';

/** Whether what is shown is live, and how old it is. Its place never changes, so that nothing jumps when the connection does. */
export function ConnectionState() {
  const { t } = useI18n();
  const { feed } = useApp();
  const freshness = useStore(feed.freshness, (value) => value);
  const age = useAge();
  const retry = useRetry();
  const isPaused = useStore(feed.isPaused, (value) => value);
  const isAway = freshness === 'reconnecting' || freshness === 'error';
  return (
    <div class={`connection is-${freshness}`} data-testid="connection-state" data-state={freshness}>
      <span class="connection-word">
        <Icon name={freshness} />
        {t.connection[freshness]}
      </span>
      <Ticking class="connection-age number" text={age} />
      <button
        type="button"
        class="button is-small is-pause"
        aria-pressed={isPaused}
        title={isPaused ? t.connection.resume : t.connection.pause}
        aria-label={isPaused ? t.connection.resume : t.connection.pause}
        data-testid="pause"
        onClick={feed.togglePause}
      >
        <Icon name={isPaused ? 'resume' : 'paused'} />
        {isPaused && t.connection.resume}
      </button>
      {isAway && (
        <button
          type="button"
          class="button is-small"
          aria-label={t.connection.retryNow}
          onClick={feed.retryNow}
        >
          {t.connection.retryNow}
          <Ticking class="connection-retry number" text={retry} />
        </button>
      )}
    </div>
  );
}

function useAge(): () => string {
  const { t, format } = useI18n();
  const { feed } = useApp();
  return () => {
    const { heardAt } = feed.connection.get();
    if (heardAt === null || feed.live.get() === null) return '';
    if (feed.freshness.get() === 'paused') {
      const begun = feed.begunMeanwhile();
      return t.connection.begun(format.count(begun), begun);
    }
    const seconds = (feed.monotonicMs() - heardAt) / 1000;
    // The server speaks every two seconds: below three, digits would only flicker.
    const isFresh = feed.freshness.get() === 'live' && seconds < 3;
    return isFresh ? t.connection.now : t.connection.age(format.age(seconds));
  };
}

/** The countdown to the next try. */
function useRetry(): () => string {
  const { format } = useI18n();
  const { feed } = useApp();
  return () => {
    const { retryAt } = feed.connection.get();
    if (retryAt === null) return '…';
    return format.age(Math.ceil((retryAt - feed.monotonicMs()) / 1000));
  };
}
