import type { Status } from '@llm-monitor/contracts/rest';

import { useI18n } from '../../i18n/i18n.ts';
import { Tile } from './tile.tsx';

export function SuccessTile({ status }: { status: Status | null }) {
  const { t, format } = useI18n();
  return (
    <Tile
      id="success"
      spark="success"
      label={t.tiles.success}
      value={status && format.percent(status.success_rate)}
      exact={status?.success_rate}
    >
      {status && (
        <>
          <span>
            <span data-testid="tile-total" data-value={status.total_requests}>
              {format.count(status.total_requests)}
            </span>{' '}
            {t.tiles.totalCalls(status.total_requests)}
          </span>
          {status.cancelled_requests > 0 && (
            <span>
              {format.count(status.cancelled_requests)}{' '}
              {t.tiles.cancelled(status.cancelled_requests)}
            </span>
          )}
        </>
      )}
    </Tile>
  );
}
