import { useState } from 'preact/hooks';

import { useApp, useRoute } from '../app-context.ts';
import { fromInputTime, toInputTime } from '../format/input-time.ts';
import { useI18n } from '../i18n/i18n.ts';
import { useChartTexts } from './chart-texts.ts';
import { dayOf, RANGES, type Span } from './span.ts';

/** Changes what time is shown, in the address. */
export function useSpanChange(): (change: Record<string, string>) => void {
  const { router } = useApp();
  return (change) => {
    const next = new URLSearchParams(router.route.get().filter);
    for (const name of ['range', 'from', 'to']) next.delete(name);
    for (const [name, value] of Object.entries(change)) if (value) next.set(name, value);
    router.setFilter(next.toString(), false);
  };
}

/** What time the charts show: up to now, a day, or from one moment to another. */
export function SpanPicker({ span }: { span: Span }) {
  const texts = useChartTexts();
  const { zone } = useI18n();
  const { feed } = useApp();
  const change = useSpanChange();
  const [isOwn, setOwn] = useState(false);
  const choose = (value: string) => {
    setOwn(value === 'own');
    const nowMs = feed.shownTimeMs() ?? Date.now();
    if (value === 'today') change({ from: dayOf(nowMs, 0, zone).from });
    else if (value === 'yesterday') change(dayOf(nowMs, 1, zone));
    else if (value !== 'own') change({ range: value });
  };
  const shown = isOwn || !span.isLive ? 'own' : span.range;
  return (
    <span class="span-picker">
      <select
        class="field is-small"
        aria-label={texts.range}
        value={shown}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {[...RANGES, 'today' as const, 'yesterday' as const, 'own' as const].map((each) => (
          <option key={each} value={each}>
            {texts.ranges[each]}
          </option>
        ))}
      </select>
      {shown === 'own' && <OwnSpan span={span} />}
      {!span.isLive && (
        <button type="button" class="button is-small" onClick={() => choose('1h')}>
          {texts.backToLive}
        </button>
      )}
    </span>
  );
}

function OwnSpan({ span }: { span: Span }) {
  const texts = useChartTexts();
  const { zone } = useI18n();
  const filter = new URLSearchParams(useRoute().filter);
  const change = useSpanChange();
  return (
    <>
      {(['from', 'to'] as const).map((end) => (
        <input
          key={end}
          type="datetime-local"
          class="field is-small"
          aria-label={texts[end]}
          value={toInputTime(filter.get(end), zone)}
          onChange={(event) => {
            const { from = '', to = '' } = span.isLive ? {} : Object.fromEntries(filter);
            change({ from, to, [end]: fromInputTime(event.currentTarget.value, zone) });
          }}
        />
      ))}
    </>
  );
}
