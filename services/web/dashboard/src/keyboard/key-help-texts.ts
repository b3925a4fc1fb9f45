import { useI18n, type Language } from '../i18n/i18n.ts';

const en = {
  title: 'Keys',
  search: 'Search the history',
  rows: 'Next and previous row, or call',
  open: 'Open the call',
  close: 'Close it',
  pause: 'Pause the live view, and go on',
  theme: 'Another theme',
  help: 'These keys',
  go: (page: string) => `Go to ${page}`,
  off: 'Single keys can be switched off in the settings.',
};
type KeyHelpTexts = typeof en;

const it: KeyHelpTexts = {
  title: 'Tasti',
  search: 'Cerca nella cronologia',
  rows: 'Riga, o chiamata, successiva e precedente',
  open: 'Apri la chiamata',
  close: 'Chiudila',
  pause: 'Ferma la diretta, e riprendi',
  theme: 'Un altro tema',
  help: 'Questi tasti',
  go: (page) => `Vai a ${page}`,
  off: 'I tasti singoli si disattivano nelle impostazioni.',
};

const TEXTS: Readonly<Record<Language, KeyHelpTexts>> = { en, it };

export function useKeyHelpTexts(): KeyHelpTexts {
  return TEXTS[useI18n().language];
}
