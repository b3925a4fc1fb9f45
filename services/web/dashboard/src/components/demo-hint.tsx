import { useApp, useRoute } from '../app-context.ts';
import { useI18n } from '../i18n/i18n.ts';
import { addressOf } from '../routing/route.ts';
import { useStore } from '../store/use-store.ts';
import { Icon } from './icon.tsx';

/** Beside real traffic: that demo traffic runs, and where to see it. */
export function DemoHint() {
  const { t } = useI18n();
  const { feed } = useApp();
  const route = useRoute();
  const isRunning = useStore(feed.live, (live) => live?.demoRunning ?? false);
  if (!isRunning || route.demo) return null;
  return (
    <a
      class="demo-hint"
      data-testid="demo-hint"
      href={addressOf('live', { demo: true })}
      title={t.demo.runningHint}
    >
      <Icon name="demo" />
      {t.demo.running}
    </a>
  );
}
