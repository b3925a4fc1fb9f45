import { callKey } from '@llm-monitor/contracts/live';
import type { BotDetails, BotTrade, EndedRequest } from '@llm-monitor/contracts/rest';
import { useMemo } from 'preact/hooks';

import { useRoute } from '../../app-context.ts';
import { Section } from '../../components/section.tsx';
import { WithCode } from '../../components/with-code.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { withRequest } from '../../routing/route.ts';
import { useBotTexts, useMoney } from './bot-texts.ts';
import { lanesOf, type Lasting, type Placed } from './lanes-of.ts';

const MOST_LANES = 8;
const MOST_CALLS = 300;

type Trade = Lasting & { trade: BotTrade };
type Call = Lasting & { call: EndedRequest };

/** The trades of a bot and the calls of its apps, on one axis of time. */
export function BotTimeline({ bot }: { bot: BotDetails }) {
  const texts = useBotTexts();
  const { format } = useI18n();
  const { trades, calls } = useMemo(() => placesOf(bot), [bot]);
  return (
    <Section
      title={texts.timeline}
      note={texts.timelineNote(
        format.count(bot.trades.length),
        bot.trades.length,
        format.count(bot.calls.length),
        bot.calls.length,
      )}
    >
      <div data-testid="bot-timeline">
        <h3 class="bot-lane-title">{texts.trades}</h3>
        {trades.lanes > 0 ? (
          <ol class="timeline" style={{ '--lanes': trades.lanes }}>
            {trades.placed.map((bar) => (
              <TradeBar key={bar.what.trade.trade_id} bar={bar} currency={bot.stake_currency} />
            ))}
          </ol>
        ) : (
          <p class="nothing">{texts.noTrades}</p>
        )}
        <h3 class="bot-lane-title">{texts.callLane}</h3>
        {calls.lanes > 0 ? (
          <ol class="timeline" style={{ '--lanes': calls.lanes }}>
            {calls.placed.map((bar) => (
              <CallBar key={callKey(bar.what.call)} bar={bar} />
            ))}
          </ol>
        ) : (
          <p class="nothing">
            <WithCode text={bot.apps.length === 0 ? texts.noApps : texts.noCalls} />
          </p>
        )}
        <div class="timeline-ends number quiet">
          <span>{format.moment(bot.from)}</span>
          <span>{format.moment(bot.to)}</span>
        </div>
        {bot.calls.length > MOST_CALLS && (
          <p class="nothing">{texts.mostCalls(format.count(MOST_CALLS))}</p>
        )}
      </div>
    </Section>
  );
}

function placesOf(bot: BotDetails) {
  const axis = { fromMs: Date.parse(bot.from), toMs: Date.parse(bot.to) };
  const ms = (time: string | null, otherwise: number) =>
    time === null ? otherwise : Date.parse(time);
  const trades: Trade[] = bot.trades.map((trade) => ({
    trade,
    startMs: ms(trade.opened_at, axis.fromMs),
    endMs: ms(trade.closed_at, axis.toMs),
  }));
  const calls: Call[] = bot.calls.slice(0, MOST_CALLS).map((call) => ({
    ...{ call, startMs: Date.parse(call.started_at), endMs: Date.parse(call.ended_at) },
  }));
  return { trades: lanesOf(trades, axis, MOST_LANES), calls: lanesOf(calls, axis, MOST_LANES) };
}

const placeOf = ({ left, width, lane }: Placed<unknown>) => ({
  ...{ '--left': `${left}%`, '--width': `${width}%`, '--lane': lane },
});

function TradeBar({ bar, currency }: { bar: Placed<Trade>; currency: string | null }) {
  const texts = useBotTexts();
  const { gain, percent } = useMoney();
  const { trade } = bar.what;
  const text = [
    trade.pair ?? trade.trade_id,
    texts.statuses[trade.status],
    ...(trade.profit === null
      ? []
      : [`${gain(trade.profit, currency)} (${percent(trade.profit_percent)})`]),
    ...(trade.exit_reason === null ? [] : [trade.exit_reason]),
  ].join(' · ');
  return (
    <li
      class={`timeline-bar bot-trade is-${toneOf(trade)}`}
      style={placeOf(bar)}
      data-trade={trade.trade_id}
      title={text}
    >
      <span>{text}</span>
    </li>
  );
}

/** A tone of calls that says how it went: it has its icon and word in the table below. */
function toneOf({ status, profit }: BotTrade): string {
  if (status === 'cancelled') return 'cancelled';
  if (profit === null) return 'generating';
  return profit < 0 ? 'failed' : 'completed';
}

function CallBar({ bar }: { bar: Placed<Call> }) {
  const { t, format } = useI18n();
  const route = useRoute();
  const { call } = bar.what;
  const text = [
    call.app,
    call.model,
    t.statuses[call.status],
    format.duration(call.duration),
    call.prompt ?? t.active.noPrompt,
  ].join(' · ');
  return (
    <li class={`timeline-bar is-${call.status}`} style={placeOf(bar)} data-call={call.id}>
      <a href={withRequest(route, call.id)} title={text} aria-label={text}>
        <span>{call.model}</span>
      </a>
    </li>
  );
}
