import type { LiveState } from '@llm-monitor/contracts/live';
import type { ModelStats } from '@llm-monitor/contracts/rest';
import { useMemo } from 'preact/hooks';

import { memo } from '../components/memo.ts';
import { Section } from '../components/section.tsx';
import { Table } from '../components/table.tsx';
import { useI18n, type I18n } from '../i18n/i18n.ts';
import { countByModel } from '../live/figures.ts';
import { ModelRow } from './model-row.tsx';

const MOST_ROWS = 100;

interface ModelSectionProps {
  title?: string;
  /** what each model is, and on which hosts */
  withPlaces?: boolean;
  active: LiveState['active'];
  models: readonly ModelStats[];
}

export const ModelSection = memo((properties: ModelSectionProps) => {
  const { models, active, withPlaces = false } = properties;
  const { t } = useI18n();
  const title = properties.title ?? t.models.title;
  const busiestFirst = useMemo(() => [...models].sort(byUse).slice(0, MOST_ROWS), [models]);
  // Counted here: the figures come once a second, and would for a moment contradict the rows above.
  const running = countByModel(active.values());
  return (
    <Section title={title}>
      <div class="scroller">
        <Table kind="models" label={title} columns={columnsOf(t)}>
          <div role="rowgroup">
            {busiestFirst.map((model) => (
              <ModelRow
                key={model.name}
                model={model}
                running={running.get(model.name) ?? 0}
                withPlaces={withPlaces}
              />
            ))}
          </div>
        </Table>
        {models.length === 0 && <p class="nothing">{t.models.none}</p>}
      </div>
    </Section>
  );
});

function byUse(a: ModelStats, b: ModelStats): number {
  return b.total_requests - a.total_requests || a.name.localeCompare(b.name);
}

function columnsOf({ columns }: I18n['t']) {
  return [
    { id: 'model', title: columns.model },
    { id: 'calls', title: columns.calls, isNumber: true },
    { id: 'success', title: columns.success, isNumber: true },
    { id: 'mean', title: columns.mean, isNumber: true },
    { id: 'p50', title: columns.p50, isNumber: true },
    { id: 'p95', title: columns.p95, isNumber: true },
    { id: 'p99', title: columns.p99, isNumber: true },
    { id: 'first', title: columns.firstToken, isNumber: true },
    { id: 'rate', title: columns.rate, isNumber: true },
    { id: 'tokens', title: columns.tokens, isNumber: true },
    { id: 'used', title: columns.lastUsed, isNumber: true },
  ];
}
