import type { Alert, AlertsNow } from '@llm-monitor/contracts/alerts';

import { AlertText, MinuteBefore } from '../../alerts/alert-line.tsx';
import { Icon } from '../../components/icon.tsx';
import { Section } from '../../components/section.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { useAnswer } from '../../rest/use-answer.ts';
import { readResolved } from './alerts-api.ts';
import { useRuleTexts } from './rules/rule-texts.ts';

/** What fired and is over, the newest first. It is read again when something else fires than before. */
export function AlertHistory({ alerts }: { alerts: AlertsNow }) {
  const texts = useRuleTexts();
  const firing = alerts.items.filter(({ state }) => state === 'firing').map(({ id }) => id);
  const { value, fault } = useAnswer(firing.join(), 0, readResolved);
  return (
    <Section title={texts.history}>
      {fault && (
        <p class="nothing" role="status">
          {fault}
        </p>
      )}
      {value?.items.length === 0 && <p class="nothing">{texts.noHistory}</p>}
      <ul class="alert-list">
        {value?.items.map((alert) => (
          <PastAlert key={alert.id} alert={alert} />
        ))}
      </ul>
    </Section>
  );
}

function PastAlert({ alert }: { alert: Alert }) {
  const texts = useRuleTexts();
  const { format } = useI18n();
  const lastedSeconds =
    (Date.parse(alert.resolvedAt ?? '') - Date.parse(alert.firedAt ?? '')) / 1000;
  return (
    <li class="alert-line is-over" data-testid="past-alert" data-rule={alert.rule}>
      <Icon name="completed" />
      <span class="alert-severity">{alert.firedAt && format.moment(alert.firedAt)}</span>
      <AlertText alert={alert} />
      <span class="quiet number">
        {format.duration(lastedSeconds)}
        {alert.resolution && ` · ${texts.resolutions[alert.resolution]}`}
      </span>
      <MinuteBefore alert={alert} />
    </li>
  );
}
