import type { Bot } from '@llm-monitor/contracts/rest';

import { Cell } from '../../components/cell.tsx';
import { Section } from '../../components/section.tsx';
import { Table } from '../../components/table.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { useBotTexts, useMoney } from './bot-texts.ts';

/** What the bot holds now. */
export function OpenTrades({ bot }: { bot: Bot }) {
  const texts = useBotTexts();
  const { format } = useI18n();
  const { gain, money, percent, rate } = useMoney();
  if (!bot.online) return null;
  const columns = [
    { id: 'pair', title: texts.pair },
    { id: 'amount', title: texts.amount, isNumber: true },
    { id: 'rate', title: texts.rate, isNumber: true },
    { id: 'profit', title: texts.profit, isNumber: true },
    { id: 'since', title: texts.since, isNumber: true },
  ];
  return (
    <Section title={texts.openTrades}>
      {bot.open_trades.length === 0 ? (
        <p class="nothing">{texts.noOpen}</p>
      ) : (
        <div class="scroller">
          <Table kind="streams is-trades" label={texts.openTrades} columns={columns}>
            <div role="rowgroup">
              {bot.open_trades.map((trade) => (
                <div class="row" role="row" key={trade.trade_id} data-testid="open-trade">
                  <Cell column="pair">
                    {trade.pair}{' '}
                    <span class="quiet">
                      {[texts.side[trade.is_short ? 'short' : 'long'], trade.enter_tag]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                  </Cell>
                  <Cell column="amount" title={texts.amount} isNumber>
                    {money(trade.stake_amount, bot.stake_currency)}
                  </Cell>
                  <Cell column="rate" title={texts.rate} isNumber>
                    {texts.rates(rate(trade.open_rate), rate(trade.current_rate))}
                  </Cell>
                  <Cell column="profit" title={texts.profit} isNumber>
                    {gain(trade.profit, bot.stake_currency)}{' '}
                    <span class="quiet">{percent(trade.profit_percent)}</span>
                  </Cell>
                  <Cell column="since" title={texts.since} isNumber>
                    {trade.opened_at === null ? format.count(null) : format.moment(trade.opened_at)}
                  </Cell>
                </div>
              ))}
            </div>
          </Table>
        </div>
      )}
    </Section>
  );
}
