import type { Bot } from '@llm-monitor/contracts/rest';

import { useRoute } from '../../app-context.ts';
import { Cell } from '../../components/cell.tsx';
import { Table } from '../../components/table.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { addressOf } from '../../routing/route.ts';
import { BotState } from './bot-state.tsx';
import { useBotTexts, useMoney } from './bot-texts.ts';

/** All bots, a line each. */
export function BotTable({ bots, shown }: { bots: readonly Bot[]; shown: string }) {
  const texts = useBotTexts();
  const columns = [
    { id: 'bot', title: texts.bot },
    { id: 'state', title: texts.state },
    { id: 'strategy', title: texts.strategy },
    { id: 'open', title: texts.openTrades, isNumber: true },
    { id: 'profit', title: texts.profit, isNumber: true },
  ];
  return (
    <div class="scroller">
      <Table kind="streams is-bots" label={texts.title} columns={columns}>
        <div role="rowgroup">
          {bots.map((bot) => (
            <BotRow key={bot.name} bot={bot} isShown={bot.name === shown} />
          ))}
        </div>
      </Table>
    </div>
  );
}

function BotRow({ bot, isShown }: { bot: Bot; isShown: boolean }) {
  const texts = useBotTexts();
  const { format } = useI18n();
  const { gain } = useMoney();
  const { demo, filter } = useRoute();
  const next = new URLSearchParams(filter);
  next.set('bot', bot.name);
  const most = bot.max_open_trades;
  const open = format.count(bot.open_trade_count);
  return (
    <div
      class={`row ${isShown ? 'is-chosen' : ''}`}
      role="row"
      data-testid="bot"
      data-bot={bot.name}
    >
      <Cell column="bot" hint={bot.address}>
        <a
          class="name-link"
          href={addressOf('bots', { demo, filter: next.toString() })}
          aria-current={isShown ? 'true' : undefined}
        >
          {bot.name}
        </a>
      </Cell>
      <Cell column="state">
        <BotState bot={bot} />
      </Cell>
      <Cell column="strategy" title={texts.strategy} hint={bot.strategy ?? undefined}>
        {[bot.strategy, bot.exchange].filter(Boolean).join(' · ') || format.count(null)}
      </Cell>
      <Cell column="open" title={texts.openTrades} isNumber>
        {most === null ? open : texts.ofMost(open, format.count(most))}
      </Cell>
      <Cell column="profit" title={texts.profit} isNumber>
        {gain(bot.profit?.all ?? null, bot.stake_currency)}
      </Cell>
    </div>
  );
}
