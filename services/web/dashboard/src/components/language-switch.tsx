import { useApp } from '../app-context.ts';
import { LANGUAGES, useI18n } from '../i18n/i18n.ts';

const NAMES = { en: 'English', it: 'Italiano' } as const;

export function LanguageSwitch() {
  const { t, language } = useI18n();
  const { preferences } = useApp();
  return (
    <div class="switch" role="group" aria-label={t.language}>
      {LANGUAGES.map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          title={NAMES[each]}
          aria-label={`${each.toUpperCase()} · ${NAMES[each]}`}
          aria-pressed={each === language}
          onClick={() => preferences.update((before) => ({ ...before, language: each }))}
        >
          {each.toUpperCase()}
        </button>
      ))}
    </div>
  );
}
