import type { Phase } from '@llm-monitor/contracts/events';
import { runningIn, type LiveState } from '@llm-monitor/contracts/live';

import { Icon } from '../../components/icon.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { countByPhase } from '../../live/figures.ts';
import { Tile } from './tile.tsx';

const SHOWN = ['generating', 'prompt', 'loading', 'waiting'] as const satisfies readonly Phase[];

/** To wait for a slot or for an answer is one thing here: the table tells them apart. */
const shownPhase = (phase: Phase): Phase => (phase === 'queued' ? 'waiting' : phase);

interface ActiveTileProps {
  live: LiveState | null;
  hint: string | undefined;
}

export function ActiveTile({ live, hint }: ActiveTileProps) {
  const { t, format } = useI18n();
  const counts = countByPhase(live?.active.values() ?? [], shownPhase);
  const running = live && runningIn(live);
  const present = SHOWN.filter((phase) => counts.has(phase));
  return (
    <Tile
      id="active"
      spark="active"
      label={t.tiles.active}
      value={running === null ? null : format.count(running)}
      exact={running}
      hint={hint}
    >
      {present.length === 0 && t.tiles.activeNone}
      {present.map((phase) => (
        <span key={phase} class={`phase-count is-${phase}`}>
          <Icon name={phase} />
          {format.count(counts.get(phase))} {t.phaseCounts[phase](counts.get(phase) ?? 0)}
        </span>
      ))}
    </Tile>
  );
}
