import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';

import { createFormat, type Format, type Zone } from '../format/format.ts';
import { en, type Catalogue } from './en.ts';

export const LANGUAGES = ['en', 'it'] as const;
export type Language = (typeof LANGUAGES)[number];

/** English is always there; the others come when they are wanted. */
const catalogues = new Map<Language, Catalogue>([['en', en]]);

/** Texts and number formats of one language, times in one zone. */
export interface I18n {
  language: Language;
  zone: Zone;
  t: Catalogue;
  format: Format;
}

/** Brings a language's texts. */
export async function loadCatalogue(language: Language): Promise<void> {
  if (!catalogues.has(language)) catalogues.set(language, (await import('./it.ts')).it);
}

/** What is said outside of views. English where the language's texts are not there. */
export const textsOf = (language: string): Catalogue => catalogues.get(language as Language) ?? en;

/** English where the language's texts are not there. */
export function createI18n(wanted: Language, zone: Zone = 'local'): I18n {
  const t = textsOf(wanted);
  const language = t === en ? 'en' : wanted;
  return { language, zone, t, format: createFormat(t.locale, t.dayUnit, zone) };
}

const MIDNIGHT_CHECK_MS = 1000;

/** What is wanted; what was shown before stays until its texts are there. At midnight all times are written anew: today is another day. */
export function useI18nOf(language: Language, zone: Zone): I18n {
  const [shown, show] = useState(() => createI18n(language, zone));
  useEffect(() => {
    let isWanted = true;
    const tell = () => isWanted && show(createI18n(language, zone));
    // Without the texts of another language the page stays as it is.
    loadCatalogue(language).then(tell, tell);
    const today = () => new Date()[zone === 'utc' ? 'getUTCDate' : 'getDate']();
    let shownDay = today();
    const timer = setInterval(() => {
      if (today() === shownDay) return;
      shownDay = today();
      tell();
    }, MIDNIGHT_CHECK_MS);
    return () => {
      isWanted = false;
      clearInterval(timer);
    };
  }, [language, zone]);
  return shown;
}

/** Italian for any Italian tag (`it-CH`), else English. */
export function languageOf(tag: string | null | undefined): Language {
  return /^it\b/i.test(tag ?? '') ? 'it' : 'en';
}

export const I18nContext = createContext<I18n>(createI18n('en'));

export function useI18n(): I18n {
  return useContext(I18nContext);
}
