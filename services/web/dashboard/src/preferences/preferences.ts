import { ZONES, type Zone } from '../format/format.ts';
import { LANGUAGES, languageOf, type Language } from '../i18n/i18n.ts';
import { createStore, type Store } from '../store/store.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Single keys that do something, such as `/` and `j`. */
const SHORTCUTS = ['on', 'off'] as const;

/** Whether prompts and answers can be read, or are covered up, as for a screen that others see. */
const TEXTS = ['shown', 'hidden'] as const;

export interface Preferences {
  theme: Theme;
  language: Language;
  zone: Zone;
  shortcuts: (typeof SHORTCUTS)[number];
  texts: (typeof TEXTS)[number];
}

const CHOICES: { readonly [Name in keyof Preferences]: readonly Preferences[Name][] } = {
  theme: THEMES,
  language: LANGUAGES,
  zone: ZONES,
  shortcuts: SHORTCUTS,
  texts: TEXTS,
};
const NAMES = Object.keys(CHOICES) as (keyof Preferences)[];

// index.html reads the same names, before the first paint.
const keyOf = (name: keyof Preferences) => `llm-monitor.${name}`;

/** What this browser prefers. Kept where storage is allowed; where it is blocked a choice lasts as long as the page. */
export function createPreferences(window: Window): Store<Preferences> {
  const storage = storageOf(window);
  const root = window.document.documentElement;
  const kept = <Name extends keyof Preferences>(name: Name): Preferences[Name] | undefined => {
    const choices: readonly string[] = CHOICES[name];
    const text = storage?.getItem(keyOf(name));
    return choices.find((choice) => choice === text) as Preferences[Name] | undefined;
  };
  const read = (): Preferences => ({
    theme: kept('theme') ?? 'system',
    language: kept('language') ?? languageOf(window.navigator.language),
    zone: kept('zone') ?? 'local',
    shortcuts: kept('shortcuts') ?? 'on',
    texts: kept('texts') ?? 'shown',
  });
  let shown = read();
  const store = createStore(shown);
  show(root, shown);
  store.subscribe(() => {
    const chosen = store.get();
    show(root, chosen);
    for (const name of NAMES) {
      if (chosen[name] !== shown[name]) keep(storage, keyOf(name), chosen[name]);
    }
    shown = chosen;
  });
  // Chosen in another tab: who hid the texts there must not find them in the open here. What is kept already is not written again.
  window.addEventListener('storage', () => {
    shown = read();
    store.set(shown);
  });
  return store;
}

function show(root: HTMLElement, { theme, texts }: Preferences): void {
  if (theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
  root.dataset['texts'] = texts;
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
