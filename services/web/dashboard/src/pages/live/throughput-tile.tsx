import type { LiveState } from '@llm-monitor/contracts/live';

import { useI18n } from '../../i18n/i18n.ts';
import { throughputOf } from '../../live/figures.ts';
import { Tile } from './tile.tsx';

interface ThroughputTileProps {
  active: LiveState['active'] | null;
  hint: string | undefined;
}

export function ThroughputTile({ active, hint }: ThroughputTileProps) {
  const { t, format } = useI18n();
  const { tokensPerSecond, generating } = throughputOf(active?.values() ?? []);
  const rate = generating === 0 ? format.count(0) : format.rate(tokensPerSecond);
  const isEstimate = generating > 0 && tokensPerSecond !== null;
  return (
    <Tile
      id="throughput"
      spark="throughput"
      label={t.tiles.throughput}
      value={active && `${isEstimate ? '≈\u00a0' : ''}${rate}`}
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
