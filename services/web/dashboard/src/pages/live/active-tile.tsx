import type { Phase } from '@llm-monitor/contracts/events';

import { Icon } from '../../components/icon.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { countByPhase } from '../../live/figures.ts';
import type { LiveState } from '../../live/live-state.ts';
import { Tile } from './tile.tsx';

const SHOWN_PHASES: readonly Phase[] = ['generating', 'prompt', 'loading', 'queued', 'waiting'];

export function ActiveTile({ active }: { active: LiveState['active'] | null }) {
  const { t, format } = useI18n();
  const counts = countByPhase(active?.values() ?? []);
  const present = SHOWN_PHASES.filter((phase) => counts.has(phase));
  return (
    <Tile
      id="active"
      label={t.tiles.active}
      value={active && format.count(active.size)}
      exact={active?.size}
    >
      {present.length === 0 && t.tiles.activeNone}
      {present.map((phase) => (
        <span key={phase} class={`phase-count is-${phase}`}>
          <Icon name={phase} />
          {format.count(counts.get(phase))} {t.phaseCounts[phase]}
        </span>
      ))}
    </Tile>
  );
}
