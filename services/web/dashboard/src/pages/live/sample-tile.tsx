import { useI18n } from '../../i18n/i18n.ts';
import { sampleOf } from '../../live/figures.ts';
import { Tile } from './tile.tsx';

interface SampleTileProps {
  id: 'first-token' | 'response';
  label: string;
  /** seconds */
  values: readonly number[] | null;
  /** seconds, over all that is kept */
  mean?: number | null;
}

/** Percentiles of the recent calls, with how many they are. */
export function SampleTile({ id, label, values, mean }: SampleTileProps) {
  const { t, format } = useI18n();
  const sample = sampleOf(values ?? []);
  return (
    <Tile
      id={id}
      spark={id}
      label={label}
      value={values && format.duration(sample?.p50)}
      unit={sample ? t.tiles.median : undefined}
      exact={sample?.p50}
    >
      {sample === null && t.tiles.noSample}
      {sample && (
        <>
          <span>
            {t.tiles.p95} {format.duration(sample.p95)}
          </span>
          {mean != null && (
            <span>
              {t.tiles.mean} {format.duration(mean)}
            </span>
          )}
          <span>{t.tiles.lastCalls(format.count(sample.n))}</span>
        </>
      )}
    </Tile>
  );
}
