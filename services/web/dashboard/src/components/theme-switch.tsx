import { useApp } from '../app-context.ts';
import { useI18n } from '../i18n/i18n.ts';
import { THEMES } from '../preferences/preferences.ts';
import { useStore } from '../store/use-store.ts';
import { Icon } from './icon.tsx';

export function ThemeSwitch() {
  const { t } = useI18n();
  const { preferences } = useApp();
  const theme = useStore(preferences, (value) => value.theme);
  return (
    <div class="switch" role="group" aria-label={t.theme.label}>
      {THEMES.map((each) => (
        <button
          key={each}
          type="button"
          title={t.theme[each]}
          aria-label={t.theme[each]}
          aria-pressed={each === theme}
          onClick={() => preferences.update((before) => ({ ...before, theme: each }))}
        >
          <Icon name={each} />
        </button>
      ))}
    </div>
  );
}
