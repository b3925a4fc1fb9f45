import { useApp, useRoute } from '../../app-context.ts';
import { ChartGrid } from '../../charts/chart-grid.tsx';
import { CALL_CHARTS } from '../../charts/chart-kinds.ts';
import { Fault } from '../../charts/fault.tsx';
import { SpanPicker } from '../../charts/span-picker.tsx';
import { useNote } from '../../charts/trend-board.tsx';
import { Section } from '../../components/section.tsx';
import { addressOf, historyOf } from '../../routing/route.ts';
import { useStore } from '../../store/use-store.ts';
import { BreakdownTable } from './breakdown-table.tsx';
import { CompareChoice } from './compare-choice.tsx';
import { CompareTable } from './compare-table.tsx';
import { DurationHistogram } from './duration-histogram.tsx';
import { CostFacts } from '../../costs/cost-facts.tsx';
import { ItemTiles } from './item-tiles.tsx';
import { useItemTexts } from './item-texts.ts';
import { filterOf, useItem, useItemAnswer, type Item } from './use-item.ts';
import '../../styles/pages.css';

/** One model, or one app: how it did over a time, and against another. */
function ItemPage({ kind }: { kind: Item['kind'] }) {
  const texts = useItemTexts();
  const item = useItem(kind);
  const { value, fault, again } = useItemAnswer(item);
  const otherName = useOtherName(item);
  const { demo } = useRoute();
  const by = kind === 'models' ? 'app' : 'model';
  // Where nobody answered nothing is on its way, as skeletons would say.
  const isShown = value !== null || fault === null;
  return (
    <>
      <ItemHead item={item} />
      {fault !== null && <Fault said={fault} onAgain={again} />}
      {isShown && <ItemTiles label={texts.figures[kind]} figures={value?.figures ?? null} />}
      {value && (value.figures.energy_calls || value.figures.cost) && (
        <div class="panel item-costs">
          <CostFacts
            energyWh={value.figures.energy_wh}
            energyCalls={value.figures.energy_calls}
            cost={value.figures.cost}
          />
        </div>
      )}
      {value?.other && otherName !== undefined && (
        <CompareTable names={[item.name, otherName]} figures={[value.figures, value.other]} />
      )}
      <Section
        title={texts.trends}
        note={useNote(item.span)}
        aside={<SpanPicker span={item.span} />}
      >
        {isShown && (
          <ChartGrid
            charts={CALL_CHARTS}
            data={value?.data ?? null}
            otherName={value?.data.other ? otherName : undefined}
            filter={filterOf(item, demo)}
          />
        )}
      </Section>
      {value?.stats && (
        <div class="item-parts">
          <DurationHistogram durations={value.stats.durations} />
          <BreakdownTable by={by} rows={value.stats[`by_${by}`]} />
          <BreakdownTable by="host" rows={value.stats.by_host} />
        </div>
      )}
    </>
  );
}

export const ModelPage = () => <ItemPage kind="models" />;
export const AppPage = () => <ItemPage kind="apps" />;

function useOtherName({ compared }: Item): string | undefined {
  const texts = useItemTexts();
  if (!compared) return undefined;
  return compared.of === 'before' ? texts.previous : compared.name;
}

function ItemHead({ item }: { item: Item }) {
  const texts = useItemTexts();
  const { feed } = useApp();
  const { demo } = useRoute();
  const { kind, name } = item;
  const isKnown = useStore(feed.live, (live) => live?.[kind].some((each) => each.name === name));
  const of = kind === 'models' ? { model: name } : { app: name };
  return (
    <header class="item-head">
      <h2 class="item-name">{name}</h2>
      <a href={addressOf(kind, { demo })}>{texts.all[kind]}</a>
      <a href={historyOf(of, demo)}>{texts.history}</a>
      <CompareChoice item={item} />
      {isKnown === false && <p class="quiet item-unknown">{texts.nobody[kind](name)}</p>}
    </header>
  );
}
