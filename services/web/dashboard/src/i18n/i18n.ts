import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import { createFormat, type Format } from '../format/format.ts';
import { en, type Catalogue } from './en.ts';
import { it } from './it.ts';

export const LANGUAGES = ['en', 'it'] as const;
export type Language = (typeof LANGUAGES)[number];

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, it };

/** Texts and number formats of one language. */
export interface I18n {
  language: Language;
  t: Catalogue;
  format: Format;
}

export function createI18n(language: Language): I18n {
  const t = CATALOGUES[language];
  return { language, t, format: createFormat(t.locale, t.dayUnit) };
}

/** Italian for any Italian tag (`it-CH`), else English. */
export function languageOf(tag: string | null | undefined): Language {
  return /^it\b/i.test(tag ?? '') ? 'it' : 'en';
}

export const I18nContext = createContext<I18n>(createI18n('en'));

export function useI18n(): I18n {
  return useContext(I18nContext);
}
