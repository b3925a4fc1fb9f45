import { LANGUAGES, languageOf, type Language } from '../i18n/i18n.ts';
import { createStore, type Store } from '../store/store.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface Preferences {
  theme: Theme;
  language: Language;
}

// index.html reads the same names, before the first paint.
const KEYS = { theme: 'llm-monitor.theme', language: 'llm-monitor.language' } as const;

/** What this browser prefers. Kept where storage is allowed; where it is blocked a choice lasts as long as the page. */
export function createPreferences(window: Window): Store<Preferences> {
  const storage = storageOf(window);
  const root = window.document.documentElement;
  const keptTheme = storage?.getItem(KEYS.theme);
  const keptLanguage = storage?.getItem(KEYS.language);
  let shown: Preferences = {
    theme: THEMES.find((theme) => theme === keptTheme) ?? 'system',
    language:
      LANGUAGES.find((language) => language === keptLanguage) ??
      languageOf(window.navigator.language),
  };
  const store = createStore(shown);
  show(root, shown);
  store.subscribe(() => {
    const chosen = store.get();
    show(root, chosen);
    if (chosen.theme !== shown.theme) keep(storage, KEYS.theme, chosen.theme);
    if (chosen.language !== shown.language) keep(storage, KEYS.language, chosen.language);
    shown = chosen;
  });
  return store;
}

function show(root: HTMLElement, { theme, language }: Preferences): void {
  if (theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
  root.lang = language;
}

function storageOf(window: Window): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function keep(storage: Storage | null, key: string, value: string): void {
  try {
    storage?.setItem(key, value);
  } catch {
    // Full or blocked: the choice lasts as long as the page.
  }
}
