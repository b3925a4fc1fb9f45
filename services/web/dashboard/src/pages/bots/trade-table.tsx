import type { BotDetails, BotTrade } from '@llm-monitor/contracts/rest';

import { useRoute } from '../../app-context.ts';
import { Cell } from '../../components/cell.tsx';
import { Section } from '../../components/section.tsx';
import { Table } from '../../components/table.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { historyOf } from '../../routing/route.ts';
import { useBotTexts, useMoney } from './bot-texts.ts';

const MOST = 50;

/** The trades of the time that is shown, and ways to the calls that led to them. */
export function TradeTable({ bot }: { bot: BotDetails }) {
  const texts = useBotTexts();
  const columns = [
    { id: 'pair', title: texts.pair },
    { id: 'opened', title: texts.opened, isNumber: true },
    { id: 'closed', title: texts.closed, isNumber: true },
    { id: 'profit', title: texts.profit, isNumber: true },
    { id: 'reason', title: texts.reason },
    { id: 'calls', title: texts.calls },
  ];
  if (bot.trades.length === 0) return null;
  return (
    <Section title={texts.trades}>
      <div class="scroller">
        <Table kind="streams is-told-trades" label={texts.trades} columns={columns}>
          <div role="rowgroup">
            {bot.trades.slice(0, MOST).map((trade) => (
              <TradeRow key={trade.trade_id} trade={trade} currency={bot.stake_currency} />
            ))}
          </div>
        </Table>
      </div>
    </Section>
  );
}

function TradeRow({ trade, currency }: { trade: BotTrade; currency: string | null }) {
  const texts = useBotTexts();
  const { format } = useI18n();
  const { gain, percent } = useMoney();
  const { demo } = useRoute();
  const moment = (time: string | null) =>
    time === null ? format.count(null) : format.moment(time);
  return (
    <div class="row" role="row" data-testid="trade" data-trade={trade.trade_id}>
      <Cell column="pair">
        {trade.pair ?? trade.trade_id}{' '}
        <span class="quiet">{texts.side[trade.is_short ? 'short' : 'long']}</span>
      </Cell>
      <Cell column="opened" title={texts.opened} isNumber>
        {moment(trade.opened_at)}
      </Cell>
      <Cell column="closed" title={texts.closed} isNumber>
        {trade.status === 'closed' ? moment(trade.closed_at) : texts.statuses[trade.status]}
      </Cell>
      <Cell column="profit" title={texts.profit} isNumber>
        {gain(trade.profit, currency)}{' '}
        {trade.profit_percent !== null && (
          <span class="quiet">{percent(trade.profit_percent)}</span>
        )}
      </Cell>
      <Cell column="reason" title={texts.reason} hint={trade.exit_reason ?? undefined}>
        {trade.exit_reason ?? trade.enter_tag ?? format.count(null)}
      </Cell>
      <Cell column="calls" title={texts.calls}>
        {trade.calls.length === 0 && format.count(null)}
        {trade.calls.map(({ app, link }) => (
          <a key={app} href={historyOf(windowOf(link), demo)} aria-label={texts.callsOf(app)}>
            {app}
          </a>
        ))}
      </Cell>
    </div>
  );
}

/** The same calls in the dashboard's history. */
function windowOf(link: string): Partial<Record<'app' | 'from' | 'to', string>> {
  return Object.fromEntries(new URLSearchParams(link.split('?')[1]));
}
