import type { ComponentChildren } from 'preact';

import { useApp } from '../../app-context.ts';
import { Spark } from '../../components/spark.tsx';
import { TILE_POINTS, type TileFigure } from '../../live/tile-history.ts';

export interface TileProps {
  id: string;
  label: string;
  /** null while nothing is known: its place is kept */
  value: string | null;
  unit?: string | undefined;
  /** the plain number, for programs that read the page */
  exact?: number | null | undefined;
  hint?: string | undefined;
  /** whose last minutes are drawn */
  spark?: TileFigure;
  children?: ComponentChildren;
}

/** One figure: its name, its value in large, and what stands behind it. */
export function Tile({ id, label, value, unit, exact, hint, spark, children }: TileProps) {
  const { tiles } = useApp();
  return (
    <div class="tile" title={hint} data-testid={`tile-${id}`} data-value={exact ?? undefined}>
      <dt class="tile-label">{label}</dt>
      <dd class="tile-value number">
        {value === null ? <span class="skeleton is-value" /> : value}
        {value !== null && unit && <span class="tile-unit"> {unit}</span>}
      </dd>
      <dd class="tile-detail number">
        {value === null ? <span class="skeleton is-detail" /> : children}
      </dd>
      {spark && <Spark values={() => tiles(spark)} points={TILE_POINTS} />}
    </div>
  );
}
