import { useApp } from '../../app-context.ts';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { useStore } from '../../store/use-store.ts';
import { AlertHistory } from './alert-history.tsx';
import { ChannelsSection } from './channels/channels-section.tsx';
import { FiringNow } from './firing-now.tsx';
import { AlertRules } from './rules/alert-rules.tsx';
import '../../styles/pages.css';

/** What fires, by which rules, and what did. */
export function AlertsPage() {
  const live = useStore(useApp().feed.live, (value) => value);
  if (!live) return <SkeletonRows rows={6} />;
  return (
    <>
      <FiringNow live={live} />
      <AlertRules live={live} />
      <ChannelsSection />
      <AlertHistory alerts={live.alerts} />
    </>
  );
}
