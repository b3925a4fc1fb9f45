import type { AlertRule } from '@llm-monitor/contracts/alerts';
import type { LiveState } from '@llm-monitor/contracts/live';
import { useState } from 'preact/hooks';

import { Section } from '../../../components/section.tsx';
import { SkeletonRows } from '../../../components/skeleton-rows.tsx';
import { isViewer } from '../../../rest/access.ts';
import { useAnswer } from '../../../rest/use-answer.ts';
import { readMetrics, readRules, writeRule } from '../alerts-api.ts';
import { RuleEditor } from './lazy-rule-editor.ts';
import type { EditedRule } from './rule-editor.tsx';
import { RuleLine } from './rule-line.tsx';
import { useRuleNames } from './use-rule-names.ts';
import { useRuleTexts } from './rule-texts.ts';
import { RuleTools } from './rule-tools.tsx';

/** A switch writes its whole rule: one that another tab or person changed must not be put back. */
const EVERY_MS = 5000;

/** All rules, each with its switch. Viewers see them. */
export function AlertRules({ live }: { live: LiveState }) {
  const texts = useRuleTexts();
  const rules = useAnswer('rules', EVERY_MS, readRules);
  const metrics = useAnswer('metrics', 0, readMetrics);
  const [edited, setEdited] = useState<EditedRule | null>(null);
  const [said, setSaid] = useState('');
  const mayNot = isViewer();
  const done = () => {
    setEdited(null);
    rules.again();
  };
  const known = rules.value?.rules;
  const nameOf = useRuleNames(rules.value);
  const change = (rule: AlertRule) =>
    writeRule(rule).then(
      () => {
        setSaid('');
        rules.again();
      },
      (error: Error) => setSaid(error.message),
    );
  return (
    <Section
      title={texts.rules}
      aside={
        <RuleTools
          mayNot={mayNot}
          onNew={(rule) => setEdited({ rule, name: rule?.name ?? '', isNew: true })}
          onImported={done}
        />
      }
    >
      <p class="rules-said" role="status">
        {said || rules.fault || (mayNot ? texts.viewer : '')}
      </p>
      {!known && !rules.fault && <SkeletonRows rows={6} />}
      {known?.length === 0 && <p class="nothing">{texts.none}</p>}
      <ul class="alert-list">
        {known?.map((rule) => (
          <RuleLine
            key={rule.id}
            rule={{ ...rule, name: nameOf(rule) }}
            metric={metrics.value?.metrics.find(({ name }) => name === rule.metric)}
            mayNot={mayNot}
            onSwitch={(enabled) => void change({ ...rule, enabled })}
            onEdit={() => setEdited({ rule, name: nameOf(rule), isNew: false })}
            onRemoved={rules.again}
          />
        ))}
      </ul>
      {edited && metrics.value && known && (
        <RuleEditor
          {...edited}
          metrics={metrics.value.metrics}
          taken={known.map(({ id }) => id)}
          live={live}
          onSaved={done}
          onClose={() => setEdited(null)}
        />
      )}
    </Section>
  );
}
