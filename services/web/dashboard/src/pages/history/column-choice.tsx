import { useApp, useRoute } from '../../app-context.ts';
import { useCostTexts } from '../../costs/cost-texts.ts';
import { useI18n } from '../../i18n/i18n.ts';
import { useHistoryTexts } from './history-texts.ts';

/** Columns that may be left out, with their widths; the others are always there. */
const OPTIONAL = {
  app: 'minmax(60px, 170px)',
  host: 'minmax(60px, 140px)',
  ended: '112px',
  time: '80px',
  first: '80px',
  tokens: '84px',
  rate: '56px',
  energy: '88px',
  cost: '80px',
} as const;
type OptionalColumn = keyof typeof OPTIONAL;
const NAMES = Object.keys(OPTIONAL) as OptionalColumn[];
/** Nothing is known of these in most places: they are shown to who asks. */
const EXTRA: readonly OptionalColumn[] = ['energy', 'cost'];
const USUAL = NAMES.filter((name) => !EXTRA.includes(name));
const ALWAYS = '112px minmax(90px, 210px) minmax(160px, 1fr)';
const NONE = 'none';

/** The optional columns that the address shows: the usual ones where it says nothing. */
export function shownColumns(filter: string): readonly OptionalColumn[] {
  const text = new URLSearchParams(filter).get('columns');
  if (text === null) return USUAL;
  const words = text.split(',');
  return NAMES.filter((name) => words.includes(name));
}

/** Classes and widths that leave the other columns out. */
export function columnLayout(filter: string): {
  class: string;
  style: Record<string, string>;
  /** Are there any that cost to be drawn? */
  hasCosts: boolean;
} {
  const shown = shownColumns(filter);
  const hasCosts = EXTRA.some((name) => shown.includes(name));
  const widths = shown.map((name) => OPTIONAL[name]).join(' ');
  return {
    class: [
      ...NAMES.filter((name) => !shown.includes(name)).map((name) => `without-${name}`),
      ...(hasCosts ? ['with-costs'] : []),
    ].join(' '),
    style: { '--wide-columns': `${ALWAYS} ${widths}` },
    hasCosts,
  };
}

/** Which columns the table has. */
export function ColumnChoice() {
  const texts = useHistoryTexts();
  const { t } = useI18n();
  const costs = useCostTexts();
  const { router } = useApp();
  const shown = shownColumns(useRoute().filter);
  const titles: Record<OptionalColumn, string> = {
    ...{ app: t.columns.app, host: t.columns.host, ended: t.columns.ended },
    ...{ time: t.columns.duration, first: t.columns.firstToken, tokens: t.columns.tokens },
    ...{ rate: t.columns.rate, energy: costs.energy, cost: costs.cost },
  };
  const toggle = (name: OptionalColumn) => {
    const next = NAMES.filter((each) => shown.includes(each) !== (each === name));
    const filter = new URLSearchParams(router.route.get().filter);
    if (next.join() === USUAL.join()) filter.delete('columns');
    else filter.set('columns', next.join(',') || NONE);
    router.setFilter(filter.toString(), true);
  };
  return (
    <details class="menu">
      <summary class="button is-small">{texts.columns}</summary>
      <div class="menu-items" role="group" aria-label={texts.columns}>
        {NAMES.map((name) => (
          <label key={name} class="choice">
            <input type="checkbox" checked={shown.includes(name)} onChange={() => toggle(name)} />
            {titles[name]}
          </label>
        ))}
      </div>
    </details>
  );
}
