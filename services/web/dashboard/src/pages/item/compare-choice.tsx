import { useApp } from '../../app-context.ts';
import { useStore } from '../../store/use-store.ts';
import { useItemTexts } from './item-texts.ts';
import { BEFORE, type Item } from './use-item.ts';

/** What to lay beside it: another of its kind, or the time before. */
export function CompareChoice({ item }: { item: Item }) {
  const texts = useItemTexts();
  const { feed, router } = useApp();
  const { kind, name, compared } = item;
  const known = useStore(feed.live, (live) => live?.[kind]) ?? [];
  const names = known.map((each) => each.name).filter((each) => each !== name);
  const chosen = compared === null ? '' : compared.of === 'before' ? BEFORE : compared.name;
  const choose = (value: string) => {
    const next = new URLSearchParams(router.route.get().filter);
    if (value) next.set('compare', value);
    else next.delete('compare');
    router.setFilter(next.toString(), false);
  };
  return (
    <label class="compare-choice">
      <span class="quiet">{texts.compare}</span>
      <select
        class="field is-small"
        value={chosen}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="">{texts.compareNone}</option>
        <option value={BEFORE}>{texts.comparePrevious}</option>
        {compared?.of === 'name' && !names.includes(compared.name) && (
          <option value={compared.name}>{compared.name}</option>
        )}
        {names.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </label>
  );
}
