import type { LiveState } from '@llm-monitor/contracts/live';

import { useApp } from '../../app-context.ts';
import { useTicked } from '../../components/use-ticked.ts';
import { useI18n } from '../../i18n/i18n.ts';
import { throughputOf } from '../../live/figures.ts';
import { Tile } from './tile.tsx';

interface ThroughputTileProps {
  active: LiveState['active'] | null;
  hint: string | undefined;
}

export function ThroughputTile({ active, hint }: ThroughputTileProps) {
  const { t, format } = useI18n();
  const { rateOf } = useApp().feed.tokens;
  const now = () => throughputOf(active?.values() ?? [], rateOf);
  const { generating } = now();
  const tokensPerSecond = useTicked(() => now().tokensPerSecond);
  return (
    <Tile
      id="throughput"
      spark="throughput"
      label={t.tiles.throughput}
      value={active && format.rateNow(tokensPerSecond)}
      unit={t.tiles.throughputUnit}
      exact={tokensPerSecond}
      hint={hint}
    >
      {generating === 0
        ? t.tiles.throughputNone
        : t.tiles.throughputDetail(format.count(generating))}
    </Tile>
  );
}
