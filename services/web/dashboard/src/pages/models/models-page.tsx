import { useApp } from '../../app-context.ts';
import { Section } from '../../components/section.tsx';
import { SkeletonRows } from '../../components/skeleton-rows.tsx';
import { useI18n } from '../../i18n/i18n.ts';
import { countByModel } from '../../live/figures.ts';
import { loadedModels } from '../../models/loaded-models.ts';
import { MemoryTable } from '../../models/memory-table.tsx';
import { ModelSection } from '../../models/model-section.tsx';
import { useStore } from '../../store/use-store.ts';

/** Which models are in memory, which are installed where, and how all of them do. */
export function ModelsPage() {
  const { t } = useI18n();
  const live = useStore(useApp().feed.live, (value) => value);
  if (!live) {
    return (
      <Section title={t.memory.title}>
        <SkeletonRows rows={4} />
      </Section>
    );
  }
  const loaded = loadedModels(live.hosts);
  const isToldBySomeone = live.hosts.some((host) => host.online);
  return (
    <>
      <Section title={t.memory.title}>
        {loaded.length > 0 ? (
          <MemoryTable
            label={t.memory.title}
            loaded={loaded}
            running={countByModel(live.active.values())}
            withHost
          />
        ) : (
          <p class="nothing">{isToldBySomeone ? t.hosts.noneLoaded : t.modelsPage.notListed}</p>
        )}
      </Section>
      <ModelSection
        title={t.modelsPage.known}
        models={live.models}
        active={live.active}
        withPlaces
      />
    </>
  );
}
