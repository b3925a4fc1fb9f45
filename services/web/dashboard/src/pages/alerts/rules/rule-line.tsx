import type { AlertMetricList, AlertRule } from '@llm-monitor/contracts/alerts';
import { useState } from 'preact/hooks';

import { rounded, useValueText } from '../../../alerts/value-text.ts';
import { useI18n } from '../../../i18n/i18n.ts';
import { removeRule } from '../alerts-api.ts';
import { DeleteQuestion } from '../delete-question.tsx';
import { useRuleTexts } from './rule-texts.ts';

interface RuleLineProps {
  rule: AlertRule;
  metric: AlertMetricList['metrics'][number] | undefined;
  /** who only looks */
  mayNot: boolean;
  onSwitch: (enabled: boolean) => void;
  onEdit: () => void;
  onRemoved: () => void;
}

export function RuleLine(props: RuleLineProps) {
  const { rule, metric, mayNot, onSwitch, onEdit, onRemoved } = props;
  const texts = useRuleTexts();
  const [isAsking, setAsking] = useState(false);
  return (
    <li class="alert-line rule-line" data-testid="rule" data-rule={rule.id}>
      <input
        type="checkbox"
        role="switch"
        class="rule-switch"
        aria-label={texts.on(rule.name)}
        checked={rule.enabled}
        disabled={mayNot}
        onChange={(event) => onSwitch(event.currentTarget.checked)}
      />
      <span class="alert-text">
        <b>{rule.name}</b>{' '}
        <span class="quiet">
          {texts.severities[rule.severity]} · <Condition rule={rule} metric={metric} />
        </span>
      </span>
      {!mayNot && (
        <span class="button-row">
          <button type="button" class="button is-small" onClick={onEdit}>
            {texts.edit}
            <span class="visually-hidden">: {rule.name}</span>
          </button>
          <button type="button" class="button is-small" onClick={() => setAsking(true)}>
            {texts.remove}
            <span class="visually-hidden">: {rule.name}</span>
          </button>
        </span>
      )}
      {isAsking && (
        <DeleteQuestion
          testId="remove-rule"
          name={rule.name}
          texts={texts}
          remove={() => removeRule(rule.id)}
          onDeleted={onRemoved}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}

/** `Calls that failed > 10 calls · each model · over 5 m · for 1 m` */
function Condition({ rule, metric }: Pick<RuleLineProps, 'rule' | 'metric'>) {
  const texts = useRuleTexts();
  const { format, language } = useI18n();
  const valueText = useValueText();
  const span = (seconds: number) => rounded(format.uptime(seconds));
  const described = metric?.descriptions[language] ?? metric?.description ?? rule.metric;
  const { each, ...narrow } = rule.scope ?? {};
  const quiet = rule.quietHours;
  const parts = [
    ...(each ? [texts.each[each]] : []),
    ...Object.values(narrow),
    ...(metric?.windowed ? [texts.over(span(rule.windowSeconds))] : []),
    ...(rule.forSeconds > 0 ? [texts.lasting(span(rule.forSeconds))] : []),
    ...(quiet && rule.severity !== 'critical'
      ? [`${quiet.from}–${quiet.to} ${quiet.timeZone}: ${texts.untold}`]
      : []),
  ];
  return (
    <>
      {/* What stands behind the semicolon is for who writes a rule. */}
      <span title={rule.metric}>{described.split(';', 1)}</span> {rule.comparator}
      {'\u00a0'}
      {rounded(valueText(rule.threshold, metric?.unit ?? ''))}
      {parts.map((part) => ` · ${part}`)}
    </>
  );
}
