import type { Stats } from '@llm-monitor/contracts/rest';

import { Section } from '../../components/section.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { useItemTexts } from './item-texts.ts';

const MOST_BARS = 40;

interface Bar {
  from: number;
  to: number;
  count: number;
}

/** How many calls took how long; each bar is as much longer than the one before, as response times differ by factors. */
export function DurationHistogram({ durations }: { durations: Stats['durations'] }) {
  const texts = useItemTexts();
  const { format } = useI18n();
  const bars = toBars(durations);
  const highest = Math.max(...bars.map(({ count }) => count));
  const [first, last] = [bars[0], bars.at(-1)];
  return (
    <Section title={texts.durations} note={first && texts.highest(format.count(highest))}>
      {first && last ? (
        <div class="histogram" data-testid="histogram">
          <ol class="histogram-bars">
            {bars.map(({ from, to, count }) => {
              const text = texts.durationsOf(
                format.duration(from),
                format.duration(to),
                format.count(count),
              );
              return (
                <li key={from} title={text} style={{ '--share': `${(100 * count) / highest}%` }}>
                  <span class="visually-hidden">{count > 0 && text}</span>
                </li>
              );
            })}
          </ol>
          <div class="histogram-ends quiet number" aria-hidden="true">
            <span>{format.duration(first.from)}</span>
            <span>{format.duration(last.to)}</span>
          </div>
        </div>
      ) : (
        <p class="nothing">{texts.noDurations}</p>
      )}
    </Section>
  );
}

/** Buckets between the shortest and the longest, empty ones as well, some together where they would be too many. */
export function toBars(durations: Stats['durations']): Bar[] {
  const [first, last] = [durations[0], durations.at(-1)];
  if (!first || !last) return [];
  const growth = first.from > 0 ? first.to / first.from : 1.0408;
  const start = Math.max(first.from, first.to / growth);
  const buckets = Math.max(1, Math.round(Math.log(last.to / start) / Math.log(growth)));
  const perBar = Math.ceil(buckets / MOST_BARS);
  const bars: Bar[] = Array.from({ length: Math.ceil(buckets / perBar) }, (_, i) => ({
    ...{ from: start * growth ** (i * perBar), to: start * growth ** ((i + 1) * perBar), count: 0 },
  }));
  for (const { from, to, count } of durations) {
    const middle = Math.sqrt(Math.max(from, start) * to);
    const bar =
      bars[Math.floor(Math.log(middle / start) / Math.log(growth) / perBar)] ?? bars.at(-1);
    if (bar) bar.count += count;
  }
  return bars;
}
