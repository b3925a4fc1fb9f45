import { useApp } from '../app-context.ts';
import { useI18n } from '../i18n/i18n.ts';
import { useStore } from '../store/use-store.ts';

/** Covers up prompts and answers on every page, as for a screen that others see; or shows them again. */
export function HideSwitch() {
  const { t } = useI18n();
  const { preferences } = useApp();
  const isHidden = useStore(preferences, ({ texts }) => texts === 'hidden');
  const press = () =>
    preferences.update((before) => ({ ...before, texts: isHidden ? 'shown' : 'hidden' }));
  return (
    <button type="button" class="button is-small" onClick={press}>
      {isHidden ? t.drawer.showTexts : t.drawer.hideTexts}
    </button>
  );
}
