import { useApp, useRoute } from '../../app-context.ts';
import { useAlertTexts } from '../../alerts/alert-texts.ts';
import { alertsOf } from '../../alerts/alerts-of.ts';
import { Icon } from '../../components/icon.tsx';
import { Section } from '../../components/section.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { addressOf } from '../../routing/route.ts';
import { useStore } from '../../store/use-store.ts';

/** All that fires, and where more is said of each. */
export function AlertsPage() {
  const texts = useAlertTexts();
  const { format } = useI18n();
  const { demo } = useRoute();
  const live = useStore(useApp().feed.live, (value) => value);
  const alerts = live && alertsOf(live);
  return (
    <Section
      title={texts.title}
      note={alerts?.length ? texts.count(format.count(alerts.length)) : undefined}
    >
      {!alerts && <SkeletonRows rows={3} />}
      {alerts?.length === 0 && (
        <div class="nothing" data-testid="no-alerts">
          <p>{texts.none}</p>
          <p>{texts.noneHint}</p>
        </div>
      )}
      {alerts && alerts.length > 0 && (
        <ul class="alert-list">
          {alerts.map((alert) => (
            <li
              key={alert.id}
              class={`alert-line is-${alert.severity}`}
              data-testid="alert"
              data-kind={alert.kind}
            >
              <Icon name="error" />
              <span class="alert-severity">{texts.severities[alert.severity]}</span>
              <span class="alert-text">{texts.of(alert)}</span>
              <a href={addressOf(alert.page, { demo })}>{texts.more}</a>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
