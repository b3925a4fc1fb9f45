import type { AlertMetricList, AlertRule } from '@llm-monitor/contracts/alerts';
import { useId, useState } from 'preact/hooks';

import { useValueText } from '../../../alerts/value-text.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { useI18n } from '../../../i18n/i18n.ts';
import { removeRule } from '../alerts-api.ts';
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
        <RemoveDialog rule={rule} onRemoved={onRemoved} onClose={() => setAsking(false)} />
      )}
    </li>
  );
}

/** `failed > 10 · each model · over 5 m · for 1 m` */
function Condition({ rule, metric }: Pick<RuleLineProps, 'rule' | 'metric'>) {
  const texts = useRuleTexts();
  const { format } = useI18n();
  const valueText = useValueText();
  const { each, ...narrow } = rule.scope ?? {};
  const parts = [
    ...(each ? [texts.each[each]] : []),
    ...Object.values(narrow),
    ...(metric?.windowed ? [texts.over(format.age(rule.windowSeconds))] : []),
    ...(rule.forSeconds > 0 ? [texts.lasting(format.uptime(rule.forSeconds))] : []),
  ];
  return (
    <>
      <code>{rule.metric}</code> {rule.comparator} {valueText(rule.threshold, metric?.unit ?? '')}
      {parts.map((part) => ` · ${part}`)}
    </>
  );
}

interface RemoveDialogProps {
  rule: AlertRule;
  onRemoved: () => void;
  onClose: () => void;
}

function RemoveDialog({ rule, onRemoved, onClose }: RemoveDialogProps) {
  const texts = useRuleTexts();
  const titleId = useId();
  const [fault, setFault] = useState('');
  const confirm = () =>
    removeRule(rule.id).then(onRemoved, (error: Error) => setFault(error.message));
  return (
    <Dialog class="is-question" labelledBy={titleId} testId="remove-rule" onClose={onClose}>
      <h2 id={titleId}>{texts.removeTitle}</h2>
      <p>
        <b>{rule.name}</b>
      </p>
      <p role="status">{fault || texts.removeConsequence}</p>
      <div class="button-row is-end">
        <button type="button" class="button" onClick={onClose}>
          {texts.keep}
        </button>
        <button
          type="button"
          class="button is-danger"
          data-testid="remove-rule-confirm"
          onClick={() => void confirm()}
        >
          {texts.remove}
        </button>
      </div>
    </Dialog>
  );
}
