import type { Alert } from '@llm-monitor/contracts/alerts';
import type { LiveState } from '@llm-monitor/contracts/live';

import { AlertText, MinuteBefore } from '../../alerts/alert-line.tsx';
import { useAlertTexts } from '../../alerts/alert-texts.ts';
import { alertsOf } from '../../alerts/alerts-of.ts';
import { firingAlerts } from '../../alerts/firing.ts';
import { useRoute } from '../../app-context.ts';
import { Icon } from '../../components/icon.tsx';
import { Section } from '../../components/section.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { addressOf } from '../../routing/route.ts';

/** What fires and is pending, as the service says it; while it is away, what the page sees for itself. */
export function FiringNow({ live }: { live: LiveState }) {
  const texts = useAlertTexts();
  const { format } = useI18n();
  const firing = firingAlerts(live);
  const shown = firing ? live.alerts.items : alertsOf(live);
  const count = (firing ?? shown).length;
  return (
    <Section title={texts.title} note={count > 0 ? texts.count(format.count(count)) : undefined}>
      {!firing && (
        <p class="nothing" role="status" data-testid="alerts-away">
          {texts.away}
        </p>
      )}
      {firing && shown.length === 0 && (
        <div class="nothing" data-testid="no-alerts">
          <p>{texts.none}</p>
          <p>{texts.noneHint}</p>
        </div>
      )}
      <ul class="alert-list">
        {firing
          ? live.alerts.items.map((alert) => <OneAlert key={alert.id} alert={alert} />)
          : alertsOf(live).map((alert) => <SeenLine key={alert.id} alert={alert} />)}
      </ul>
    </Section>
  );
}

function OneAlert({ alert }: { alert: Alert }) {
  const texts = useAlertTexts();
  const { format } = useI18n();
  const isPending = alert.state === 'pending';
  return (
    <li
      class={`alert-line is-${isPending ? 'pending' : alert.severity}`}
      data-testid="alert"
      data-rule={alert.rule}
      data-state={alert.state}
    >
      <Icon name={isPending ? 'connecting' : 'error'} />
      <span class="alert-severity">
        {isPending ? texts.pending : texts.severities[alert.severity]}
      </span>
      <AlertText alert={alert} />
      <span class="quiet number">{format.moment(alert.since)}</span>
      {!isPending && <MinuteBefore alert={alert} />}
    </li>
  );
}

function SeenLine({ alert }: { alert: ReturnType<typeof alertsOf>[number] }) {
  const texts = useAlertTexts();
  const { demo } = useRoute();
  return (
    <li class={`alert-line is-${alert.severity}`} data-testid="alert" data-kind={alert.kind}>
      <Icon name="error" />
      <span class="alert-severity">{texts.severities[alert.severity]}</span>
      <span class="alert-text">{texts.of(alert)}</span>
      <a href={addressOf(alert.page, { demo })}>{texts.more}</a>
    </li>
  );
}
