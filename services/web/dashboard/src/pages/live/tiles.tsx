import type { LiveState } from '@llm-monitor/contracts/live';

import { useI18n } from '../../i18n/i18n.ts';
import { firstTokenTimes, responseTimes } from '../../live/figures.ts';
import { ActiveTile } from './active-tile.tsx';
import { ErrorsTile } from './errors-tile.tsx';
import { usePartly } from './use-partly.ts';
import { SampleTile } from './sample-tile.tsx';
import { SuccessTile } from './success-tile.tsx';
import { ThroughputTile } from './throughput-tile.tsx';

/** The six figures that say at a glance whether all is well. */
export function Tiles({ live }: { live: LiveState | null }) {
  const { t } = useI18n();
  const partly = usePartly(live);
  const mean = live && live.status.avg_response_time > 0 ? live.status.avg_response_time : null;
  return (
    <section aria-label={t.tiles.label}>
      <dl class="tiles">
        <ActiveTile live={live} hint={partly} />
        <ThroughputTile active={live?.active ?? null} hint={partly} />
        <SampleTile
          id="first-token"
          label={t.tiles.firstToken}
          values={live && firstTokenTimes(live.recent)}
        />
        <SampleTile
          id="response"
          label={t.tiles.response}
          values={live && responseTimes(live.recent)}
          mean={mean}
        />
        <SuccessTile status={live?.status ?? null} />
        <ErrorsTile status={live?.status ?? null} />
      </dl>
    </section>
  );
}
