import { END_STATUSES, type EndStatus, type Facets } from '@llm-monitor/contracts/rest';
import { useEffect, useRef, useState } from 'preact/hooks';

import { useApp, useRoute } from '../../app-context.ts';
import { Icon } from '../../components/icon.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import type { FilterName } from '../../routing/route.ts';
import { useAnswer } from '../../rest/use-answer.ts';
import { facetQuery, statusesOf } from './history-query.ts';
import { useHistoryTexts } from './history-texts.ts';
import { TimeFilter } from './time-filter.tsx';

const TYPING_MS = 300;

/** Changes some of the filters, in the address; what becomes empty leaves it. */
export type Narrow = (
  changes: Partial<Record<FilterName, string>>,
  options?: { isTyping?: boolean },
) => void;

/** What the history is narrowed by. */
export function HistoryFilters() {
  const texts = useHistoryTexts();
  const { t, format } = useI18n();
  const { router } = useApp();
  const { filter: query } = useRoute();
  const filter = new URLSearchParams(query);
  const facets = useFacets(query);
  // Of a search nobody knows how many of each it would find.
  const isCounted = !['q', 'session', 'verdict'].some((name) => filter.has(name));
  const narrow: Narrow = (changes, { isTyping = false } = {}) => {
    const next = new URLSearchParams(router.route.get().filter);
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    router.setFilter(next.toString(), isTyping);
  };
  const chosen = statusesOf(filter);
  const toggle = (status: EndStatus) => {
    const next = END_STATUSES.filter((each) => chosen.includes(each) !== (each === status));
    narrow({ status: next.length === END_STATUSES.length ? '' : next.join(',') });
  };
  const isCut = filter.get('verdict') === 'truncated';
  const session = filter.get('session');
  // On a phone all but the search is folded away.
  const [isOpen, setOpen] = useState(false);
  const set = [...filter.keys()].filter((name) => name !== 'q' && name !== 'columns').length;
  return (
    <form
      class={`filters ${isOpen ? 'is-open' : ''}`}
      role="search"
      onSubmit={(event) => event.preventDefault()}
    >
      <SearchField value={filter.get('q') ?? ''} narrow={narrow} />
      <button
        type="button"
        class="button filter-toggle"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {set > 0 ? texts.filtersSet(String(set)) : texts.filters}
      </button>
      <Choice
        label={texts.model}
        value={filter.get('model') ?? ''}
        options={facets?.model ?? []}
        isCounted={isCounted}
        onChange={(model) => narrow({ model })}
      />
      <Choice
        label={texts.app}
        value={filter.get('app') ?? ''}
        options={facets?.app ?? []}
        isCounted={isCounted}
        onChange={(app) => narrow({ app })}
      />
      {((facets?.host.length ?? 0) > 1 || filter.has('host')) && (
        <Choice
          label={t.columns.host}
          value={filter.get('host') ?? ''}
          options={facets?.host.filter(({ name }) => name !== '') ?? []}
          isCounted={isCounted}
          onChange={(host) => narrow({ host })}
        />
      )}
      <TimeFilter filter={filter} narrow={narrow} />
      <div class="filter" role="group" aria-label={texts.status}>
        <span class="filter-label" aria-hidden="true">
          {texts.status}
        </span>
        <span class="filter-statuses">
          <span class="switch is-statuses">
            {END_STATUSES.map((status) => (
              <button
                key={status}
                type="button"
                class={`is-${status}`}
                aria-pressed={chosen.includes(status)}
                onClick={() => toggle(status)}
              >
                <Icon name={status} />
                {t.statuses[status]}
                {isCounted && (
                  <span class="number quiet">
                    {format.count(
                      facets?.status.find(({ name }) => name === status)?.count ?? null,
                    )}
                  </span>
                )}
              </button>
            ))}
          </span>
          <span class="switch">
            <button
              type="button"
              aria-pressed={isCut}
              onClick={() => narrow({ verdict: isCut ? '' : 'truncated' })}
            >
              {texts.cut}
            </button>
          </span>
        </span>
      </div>
      {session && (
        <button
          type="button"
          class="button is-small filter-chip"
          title={texts.remove}
          onClick={() => narrow({ session: '' })}
        >
          {texts.session(session)}
          <Icon name="close" />
        </button>
      )}
    </form>
  );
}

/** A little after the newest call, for counting costs more than listing. */
const COUNT_EVERY_MS = 15_000;

function useFacets(filter: string): Facets | null {
  const { api } = useApp();
  const { demo } = useRoute();
  const query = facetQuery(filter, demo);
  return useAnswer(query, COUNT_EVERY_MS, (signal) => api.readFacets(query, signal)).value;
}

/** The address follows the typing at a distance: each letter would be a search. */
function SearchField({ value, narrow }: { value: string; narrow: Narrow }) {
  const texts = useHistoryTexts();
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // The address has no blanks at the ends, and whoever pauses between two words has typed one.
  useEffect(() => setTyped((now) => (now.trim() === value ? now : value)), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (q: string, delayMs: number) => {
    setTyped(q);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => narrow({ q: q.trim() }, { isTyping: true }), delayMs);
  };
  return (
    <label class="filter is-search">
      <span class="filter-label">{texts.search}</span>
      <input
        type="search"
        class="field"
        aria-label={texts.search}
        name="q"
        maxLength={256}
        placeholder={texts.searchHint}
        value={typed}
        onInput={(event) => search(event.currentTarget.value, TYPING_MS)}
        onKeyDown={(event) => event.key === 'Enter' && search(event.currentTarget.value, 0)}
      />
    </label>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly { name: string; count: number }[];
  isCounted: boolean;
  onChange(value: string): void;
}

/** How many calls each would leave stands beside it. */
function Choice({ label, value, options, isCounted, onChange }: ChoiceProps) {
  const texts = useHistoryTexts();
  const { format } = useI18n();
  const known = options.some(({ name }) => name === value);
  return (
    <label class="filter">
      <span class="filter-label">{label}</span>
      <select
        class="field"
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="">{texts.all}</option>
        {value && !known && <option value={value}>{value}</option>}
        {options.map(({ name, count }) => (
          <option key={name} value={name}>
            {isCounted ? `${name} (${format.count(count)})` : name}
          </option>
        ))}
      </select>
    </label>
  );
}
