import type { Alert } from '@llm-monitor/contracts/alerts';

import { useI18n } from '../i18n/i18n.ts';
import { basePath } from '../routing/base-path.ts';
import { useAlertTexts } from './alert-texts.ts';
import { rounded, useValueText } from './value-text.ts';

/** What it is about: `llama3.2`; nothing where it is about all. */
export function subjectOf({ of }: Pick<Alert, 'of'>): string {
  return Object.values(of).join(' · ');
}

/** What a ready rule is called in the reader's language, else its name. */
function useAlertName({ name, names }: Alert): string {
  return names?.[useI18n().language] ?? name;
}

/** Name, whose, its value beside the threshold. Names come from outside: they are text. */
export function AlertText({ alert }: { alert: Alert }) {
  const valueText = useValueText();
  const { value, unit, comparator, threshold } = alert;
  const name = useAlertName(alert);
  const subject = subjectOf(alert);
  return (
    <span class="alert-text">
      {name}
      {subject && <b> {subject}</b>}{' '}
      <span class="quiet number">
        {valueText(value, unit)} ({comparator} {rounded(valueText(threshold, unit, true))})
      </span>
    </span>
  );
}

/** To the page that shows what happened before it fired. */
export function MinuteBefore({ alert }: { alert: Alert }) {
  const texts = useAlertTexts();
  const { format } = useI18n();
  const name = useAlertName(alert);
  return (
    <a href={basePath() + alert.link}>
      {texts.minuteBefore}
      <span class="visually-hidden">: {`${name}, ${format.moment(alert.since)}`}</span>
    </a>
  );
}
