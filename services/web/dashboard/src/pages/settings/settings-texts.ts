import { useI18n, type Language } from '../../i18n/i18n.ts';

const en = {
  title: 'Settings of this browser',
  note: 'kept in this browser alone',
  language: 'Language',
  theme: 'Theme',
  zone: 'Times',
  zones: { local: (zone: string) => `This device's zone (${zone})`, utc: () => 'UTC' },
  zoneHint: 'Every time on every page, and the days that charts begin at.',
  shortcuts: 'Single keys',
  shortcutsOn: 'On',
  shortcutsOff: 'Off',
  shortcutsAll: 'Show all keys',
  shortcutsHint: 'Such as / for search and j, k for rows. Press ? to see all of them.',
  texts: 'Prompts and answers',
  about: 'This monitor',
  version: 'Version',
  api: 'API',
  apiLink: 'Its documentation, to try out',
  collecting: 'Collecting',
  collectingLink: 'Where events wait, and where some were lost',
};
type SettingsTexts = typeof en;

const it: SettingsTexts = {
  title: 'Impostazioni di questo browser',
  note: 'salvate solo in questo browser',
  language: 'Lingua',
  theme: 'Tema',
  zone: 'Orari',
  zones: { local: (zone) => `Fuso di questo dispositivo (${zone})`, utc: () => 'UTC' },
  zoneHint: 'Ogni orario in ogni pagina, e i giorni da cui iniziano i grafici.',
  shortcuts: 'Tasti singoli',
  shortcutsOn: 'Attivi',
  shortcutsOff: 'Disattivati',
  shortcutsAll: 'Mostra tutti i tasti',
  shortcutsHint: 'Come / per cercare e j, k per le righe. Premi ? per vederli tutti.',
  texts: 'Prompt e risposte',
  about: 'Questo monitor',
  version: 'Versione',
  api: 'API',
  apiLink: 'La sua documentazione, da provare',
  collecting: 'Raccolta',
  collectingLink: 'Dove gli eventi attendono, e dove alcuni sono andati persi',
};

const TEXTS: Readonly<Record<Language, SettingsTexts>> = { en, it };

/** Texts of this page alone; they come with it. */
export function useSettingsTexts(): SettingsTexts {
  return TEXTS[useI18n().language];
}
