import { useState } from 'preact/hooks';

import { fromInputTime, toInputTime } from '../../format/input-time.ts';
import { useI18n } from '../../i18n/i18n.ts';
import type { Narrow } from './history-filters.tsx';
import { RANGES } from './history-query.ts';
import { useHistoryTexts } from './history-texts.ts';

/** A span of time up to now, or from one moment to another. */
export function TimeFilter({ filter, narrow }: { filter: URLSearchParams; narrow: Narrow }) {
  const texts = useHistoryTexts();
  const { zone } = useI18n();
  const [isOpen, setOpen] = useState(false);
  const range = filter.get('range') ?? '';
  const names: Readonly<Record<string, string>> = texts.ranges;
  const isOwn = filter.has('from') || filter.has('to') || (isOpen && range === '');
  const choose = (value: string) => {
    setOpen(value === 'own');
    if (value === 'own') narrow({ range: '' });
    else narrow({ range: value, from: '', to: '' });
  };
  return (
    <>
      <label class="filter">
        <span class="filter-label">{texts.time}</span>
        <select
          class="field"
          aria-label={texts.time}
          value={isOwn ? 'own' : range}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          {[...new Set(['', ...RANGES, range, 'own'])].map((each) => (
            <option key={each} value={each}>
              {names[each] ?? each}
            </option>
          ))}
        </select>
      </label>
      {isOwn &&
        (['from', 'to'] as const).map((end) => (
          <label key={end} class="filter">
            <span class="filter-label">{texts[end]}</span>
            <input
              type="datetime-local"
              class="field"
              aria-label={texts[end]}
              value={toInputTime(filter.get(end), zone)}
              onChange={(event) =>
                narrow({ range: '', [end]: fromInputTime(event.currentTarget.value, zone) })
              }
            />
          </label>
        ))}
    </>
  );
}
