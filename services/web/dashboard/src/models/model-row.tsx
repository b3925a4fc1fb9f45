import type { ModelStats } from '@llm-monitor/contracts/rest';

import { useApp, useRoute } from '../app-context.ts';
import { Cell } from '../components/cell.tsx';
import { memo } from '../components/memo.ts';
import { Ticking } from '../components/ticking.tsx';
import { useI18n } from '../i18n/i18n.ts';
import { addressOf } from '../routing/route.ts';
import { ModelPlaces } from './model-places.tsx';
import { ModelFigures } from './model-figures.tsx';

interface ModelRowProps {
  model: ModelStats;
  running: number;
  withPlaces: boolean;
}

export const ModelRow = memo(({ model, running, withPlaces }: ModelRowProps) => {
  const { t, format } = useI18n();
  const { feed } = useApp();
  const { demo } = useRoute();
  const lastUsed = () => {
    const nowMs = feed.shownTimeMs();
    if (running > 0) return t.models.now;
    if (model.last_used === null) return t.models.never;
    const seconds = nowMs === null ? null : (nowMs - Date.parse(model.last_used)) / 1000;
    return t.models.ago(format.age(seconds));
  };
  const state = stateOf(model);
  return (
    <div
      class={`row ${withPlaces ? 'has-places' : ''}`}
      role="row"
      data-testid="model-row"
      data-model={model.name}
    >
      <Cell column="model" hint={model.name}>
        <a class="model-name name-link" href={addressOf('models', { item: model.name, demo })}>
          {model.name}
        </a>
        <span class={`model-state is-${state}`}>{t.models[state]}</span>
        {running > 0 && (
          <span class="model-state is-running">
            {format.count(running)} {t.models.running}
          </span>
        )}
        {withPlaces && <ModelPlaces model={model} />}
      </Cell>
      <ModelFigures model={model} />
      <Cell
        column="used"
        title={t.columns.lastUsed}
        hint={model.last_used === null ? undefined : format.dateTime(model.last_used)}
        isNumber
      >
        <Ticking text={lastUsed} />
      </Cell>
    </div>
  );
});

function stateOf(model: ModelStats): 'loaded' | 'available' | 'missing' | 'unknown' {
  if (model.loaded) return 'loaded';
  if (model.available === null) return 'unknown';
  return model.available ? 'available' : 'missing';
}
