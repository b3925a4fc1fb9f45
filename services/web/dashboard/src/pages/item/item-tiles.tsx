import type { Figures } from '@llm-monitor/contracts/rest';

import { useI18n } from '../../i18n/i18n.ts';
import { Tile } from '../live/tile.tsx';
import { ITEM_FIGURES } from './item-figures.ts';
import { useItemTexts } from './item-texts.ts';

/** The figures of the time shown, at a glance. */
export function ItemTiles({ label, figures }: { label: string; figures: Figures | null }) {
  const texts = useItemTexts();
  const { format, t } = useI18n();
  const details: Partial<Record<string, string>> = figures
    ? {
        calls: texts.failed(format.count(figures.failed_requests)),
        success: texts.cancelled(format.count(figures.cancelled_requests)),
        response: `${t.tiles.p95} ${format.duration(figures.p95)} · p99 ${format.duration(figures.p99)}`,
        firstToken: `${t.tiles.p95} ${format.duration(figures.ttft_p95)}`,
        tokens: `${texts.read} ${format.count(figures.input_tokens)}`,
      }
    : {};
  return (
    <section aria-label={label}>
      <dl class="tiles">
        {ITEM_FIGURES.filter(({ id }) => id !== 'read').map(({ id, value, text }) => (
          <Tile
            key={id}
            id={id}
            label={texts[id]}
            value={figures && text(format, value(figures))}
            exact={figures && value(figures)}
          >
            {details[id] ?? '\u00a0'}
          </Tile>
        ))}
      </dl>
    </section>
  );
}
