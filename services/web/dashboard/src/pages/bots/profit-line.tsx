import type { BotDetails } from '@llm-monitor/contracts/rest';

import { useI18n } from '../../i18n/i18n.ts';
import { useBotTexts, useMoney } from './bot-texts.ts';
import { profitPath } from './profit-path.ts';

const HEIGHT = 80;
const WIDTH = 1000;

/** The profit with open trades, and that of the closed ones, over the same time as the trades below. */
export function ProfitLine({ bot }: { bot: BotDetails }) {
  const texts = useBotTexts();
  const { format } = useI18n();
  const { gain } = useMoney();
  const series = bot.profit_series;
  const values = series.flatMap(({ all, closed }) => [all, closed]).filter((one) => one !== null);
  if (values.length === 0) return <p class="nothing">{texts.noProfit}</p>;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const axis = {
    ...{ fromMs: Date.parse(bot.from), toMs: Date.parse(bot.to), stepMs: bot.step * 1000 },
    ...{ low, high, width: WIDTH, height: HEIGHT },
  };
  const line = (of: 'all' | 'closed') =>
    profitPath(
      series.map((point) => ({ atMs: Date.parse(point.t), value: point[of] })),
      axis,
    );
  const known = series.map(({ all }) => all).filter((one) => one !== null);
  const currency = bot.stake_currency;
  const said = texts.profitNow(
    gain(known[0] ?? null, currency),
    gain(known.at(-1) ?? null, currency),
  );
  return (
    <figure class="bot-profit" data-testid="profit-line">
      <figcaption class="chart-head">
        <span class="chart-title">{texts.profitLine}</span>
        <span class="chart-legend">
          <span class="chart-key">
            <span class="chart-swatch is-line" style={{ '--swatch': 'var(--blue)' }} />
            {texts.allProfit} <span class="number chart-value">{said}</span>
          </span>
          <span class="chart-key">
            <span class="chart-swatch is-dashed" style={{ '--swatch': 'var(--grey)' }} />
            {texts.closedProfit}
          </span>
        </span>
      </figcaption>
      <div class="bot-profit-area">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path class="is-closed" d={line('closed')} />
          <path class="is-all" d={line('all')} />
        </svg>
        <span class="bot-profit-high number quiet">{gain(high, currency)}</span>
        {low !== high && <span class="bot-profit-low number quiet">{gain(low, currency)}</span>}
      </div>
      <div class="timeline-ends number quiet">
        <span>{format.moment(bot.from)}</span>
        <span>{format.moment(bot.to)}</span>
      </div>
    </figure>
  );
}
