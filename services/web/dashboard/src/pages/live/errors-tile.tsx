import type { Status } from '@llm-monitor/contracts/rest';

import { Icon } from '../../components/icon.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { Tile } from './tile.tsx';

export function ErrorsTile({ status }: { status: Status | null }) {
  const { t, format } = useI18n();
  const timeouts = status?.timeout_requests ?? 0;
  const others = (status?.failed_requests ?? 0) - timeouts;
  return (
    <Tile
      id="errors"
      spark="errors"
      label={t.tiles.errors}
      value={status && format.count(status.failed_requests)}
      exact={status?.failed_requests}
    >
      <span class={`phase-count ${timeouts > 0 ? 'is-timeout' : ''}`}>
        <Icon name="timeout" />
        {format.count(timeouts)} {t.tiles.timeouts(timeouts)}
      </span>
      <span class={`phase-count ${others > 0 ? 'is-failed' : ''}`}>
        <Icon name="failed" />
        {format.count(others)} {t.tiles.otherErrors(others)}
      </span>
    </Tile>
  );
}
