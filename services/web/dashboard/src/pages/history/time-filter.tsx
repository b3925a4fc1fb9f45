import { useState } from 'preact/hooks';

import type { Narrow } from './history-filters.tsx';
import { RANGES } from './history-query.ts';
import { useHistoryTexts } from './history-texts.ts';

/** A span of time up to now, or from one moment to another. */
export function TimeFilter({ filter, narrow }: { filter: URLSearchParams; narrow: Narrow }) {
  const texts = useHistoryTexts();
  const [isOpen, setOpen] = useState(false);
  const range = filter.get('range') ?? '';
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
          {(['', ...RANGES, 'own'] as const).map((each) => (
            <option key={each} value={each}>
              {texts.ranges[each]}
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
              value={toLocal(filter.get(end))}
              onChange={(event) => narrow({ range: '', [end]: toIso(event.currentTarget.value) })}
            />
          </label>
        ))}
    </>
  );
}

/** As the input writes it: of this machine's zone, without a word of that. */
function toLocal(iso: string | null): string {
  const at = new Date(iso ?? '');
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function toIso(local: string): string {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? '' : at.toISOString();
}
