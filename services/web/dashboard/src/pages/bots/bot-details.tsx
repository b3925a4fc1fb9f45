import type { Bot, BotDetails } from '@llm-monitor/contracts/rest';
import { useMemo } from 'preact/hooks';

import { useApp, useRoute } from '../../app-context.ts';
import { Fault } from '../../charts/fault.tsx';
import { SpanPicker } from '../../charts/span-picker.tsx';
import { spanOf, spanQuery } from '../../charts/span.ts';
import { Icon } from '../../components/icon.tsx';
import { Section } from '../../components/section.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { Ticking } from '../../components/ticking.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { useAnswer } from '../../rest/use-answer.ts';
import { BotState } from './bot-state.tsx';
import { useBotTexts, useMoney } from './bot-texts.ts';
import { BotTimeline } from './bot-timeline.tsx';
import { OpenTrades } from './open-trades.tsx';
import { ProfitLine } from './profit-line.tsx';
import { TradeTable } from './trade-table.tsx';

const EVERY_MS = 10_000;

/** One bot: how it stands, and what it did in a time. */
export function BotDetailsView({ bot }: { bot: Bot }) {
  const { api, feed } = useApp();
  const { filter } = useRoute();
  const nowMs = () => feed.shownTimeMs() ?? Date.now();
  const span = useMemo(() => spanOf(filter, '24h', nowMs()), [filter]);
  const { value, fault, again } = useAnswer(
    `${bot.name} ${JSON.stringify(span)}`,
    span.isLive ? EVERY_MS : 0,
    (signal) =>
      api.readBot(bot.name, new URLSearchParams(spanQuery(span, nowMs())).toString(), signal),
  );
  return (
    <>
      <Section title={bot.name} aside={<SpanPicker span={span} />}>
        <BotFigures bot={bot} />
        {fault !== null && <Fault said={fault} onAgain={again} />}
        {value ? <ProfitLine bot={value} /> : fault === null && <SkeletonRows rows={3} />}
      </Section>
      {value && <BotTimeline bot={value} />}
      <OpenTrades bot={bot} />
      {value && <TradeTable bot={value} />}
      {value && value.messages.length > 0 && <Messages messages={value.messages} />}
    </>
  );
}

function BotFigures({ bot }: { bot: Bot }) {
  const texts = useBotTexts();
  const { format } = useI18n();
  const { gain, money, percent } = useMoney();
  const { profit, balance, stake_currency: currency } = bot;
  const about = [
    bot.dry_run === null ? null : bot.dry_run ? texts.dryRun : texts.live,
    ...[bot.strategy, bot.exchange, bot.trading_mode, bot.timeframe, bot.version],
  ];
  const figures = [
    [texts.closedProfit, gain(profit?.closed ?? null, currency), profit?.closed_percent],
    [texts.allProfit, gain(profit?.all ?? null, currency), profit?.all_percent],
    [texts.openTrades, format.count(bot.open_trade_count), undefined],
    [
      texts.won,
      texts.wonLost(
        format.count(profit?.winning_trades ?? null),
        format.count(profit?.losing_trades ?? null),
      ),
      undefined,
    ],
    [texts.balance, money(balance?.total ?? null, balance?.currency ?? null), undefined],
  ] as const;
  return (
    <div class="bot-head">
      <p class="bot-about">
        <BotState bot={bot} />
        <span class="quiet">{about.filter(Boolean).join(' · ')}</span>
      </p>
      {bot.problem && (
        <p class="bot-problem" data-testid="bot-problem">
          <Icon name="error" />
          <span>
            {bot.problem.detail} <LastAnswer at={bot.answered_at} />
          </span>
        </p>
      )}
      <dl class="facts is-figures">
        {figures.map(([title, value, share]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd class="number">
              {value}
              {share != null && <span class="quiet bot-share"> {percent(share)}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function LastAnswer({ at }: { at: string | null }) {
  const texts = useBotTexts();
  const { format } = useI18n();
  const { feed } = useApp();
  const text = () => {
    if (at === null) return `(${texts.never})`;
    const nowMs = feed.shownTimeMs();
    const seconds = nowMs === null ? null : (nowMs - Date.parse(at)) / 1000;
    return `(${texts.answered(format.age(seconds))})`;
  };
  return <Ticking text={text} />;
}

function Messages({ messages }: { messages: BotDetails['messages'] }) {
  const texts = useBotTexts();
  const { format } = useI18n();
  return (
    <Section title={texts.messages}>
      <ul class="bot-messages" data-testid="bot-messages">
        {messages.map(({ at, text }, index) => (
          <li key={`${at} ${index}`}>
            <span class="number quiet">{format.moment(at)}</span> <span dir="auto">{text}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
